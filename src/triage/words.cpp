#include "triage/words.h"

#include <array>
#include <cstdint>
#include <utility>

namespace porchlight::triage {

namespace {

constexpr std::size_t kStartBytes = 3;

// Latin letters with marks, by code point from U+00C0; the letters they are read as.
constexpr std::string_view kLatin1 = "aaaaaaaceeeeiiiidnooooo*ouuuuybsaaaaaaaceeeeiiiidnooooo*ouuuuyby";

struct Read {
  std::uint32_t point = 0;
  std::size_t bytes = 1;
};

Read ReadPoint(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t length = first < 0x80 ? 1 : first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
  if (length == 1 || at + length > text.size()) return {first, 1};
  std::uint32_t point = first & (0x7FU >> length);
  for (std::size_t i = 1; i < length; ++i) point = (point << 6U) | (static_cast<unsigned char>(text[at + i]) & 0x3FU);
  return {point, length};
}

bool IsApostrophe(std::uint32_t point) { return point == '\'' || point == 0x2019 || point == 0x02BC; }

bool IsCombining(std::uint32_t point) { return point >= 0x0300 && point <= 0x036F; }

// Spaces and punctuation beyond ASCII that people type: no-break space, quotes, dashes, ellipsis, wide marks, emoji.
bool IsSeparator(std::uint32_t point) {
  return (point >= 0x80 && point <= 0xBF) || (point >= 0x2000 && point <= 0x206F) || (point >= 0x3000 && point <= 0x303F) ||
         (point >= 0xFF00 && point <= 0xFF0F) || point == 0xFEFF || point >= 0x1F000;
}

// Appends the letter, or answers false when the point ends a word.
bool AppendLetter(std::string& word, std::uint32_t point, std::string_view raw) {
  if (point < 0x80) {
    const char c = static_cast<char>(point);
    if (c >= 'A' && c <= 'Z') word += static_cast<char>(c - 'A' + 'a');
    else if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) word += c;
    else return false;
    return true;
  }
  if (IsSeparator(point)) return false;
  if (point >= 0xC0 && point <= 0xFF) {
    const char letter = kLatin1[point - 0xC0];
    if (letter == '*') return false;
    word += letter;
    return true;
  }
  word += raw;
  return true;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view utf8) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < utf8.size();) {
    const Read read = ReadPoint(utf8, at);
    const std::string_view raw = utf8.substr(at, read.bytes);
    at += read.bytes;
    if (IsApostrophe(read.point) || IsCombining(read.point)) continue;
    if (AppendLetter(word, read.point, raw)) continue;
    if (!word.empty()) words.push_back(std::exchange(word, {}));
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

void PhraseBook::Add(std::string_view phrase, std::size_t list) {
  Phrase one;
  one.list = list;
  // A star is no letter, so it is put back after the words are cut.
  for (std::size_t at = 0; at < phrase.size();) {
    const std::size_t space = std::min(phrase.find(' ', at), phrase.size());
    const std::string_view piece = phrase.substr(at, space - at);
    at = space + 1;
    std::vector<std::string> words = WordsOf(piece);
    if (words.empty()) continue;
    if (piece.ends_with('*')) words.back() += '*';
    for (std::string& word : words) one.words.push_back(std::move(word));
  }
  if (one.words.empty()) return;
  const std::string first = one.words.front();
  if (first.ends_with('*')) by_start_[first.substr(0, std::min(kStartBytes, first.size() - 1))].push_back(std::move(one));
  else by_first_[first].push_back(std::move(one));
}

bool PhraseBook::Matches(const Phrase& phrase, const std::vector<std::string>& words, std::size_t at) const {
  if (at + phrase.words.size() > words.size()) return false;
  for (std::size_t i = 0; i < phrase.words.size(); ++i) {
    std::string_view wanted = phrase.words[i];
    const std::string_view word = words[at + i];
    if (wanted.ends_with('*')) {
      wanted.remove_suffix(1);
      if (!word.starts_with(wanted)) return false;
    } else if (word != wanted) {
      return false;
    }
  }
  return true;
}

std::uint64_t PhraseBook::Find(const std::vector<std::string>& words) const {
  std::uint64_t found = 0;
  const auto look = [&](const auto& book, std::string_view key, std::size_t at) {
    const auto place = book.find(key);
    if (place == book.end()) return;
    for (const Phrase& phrase : place->second) {
      if (Matches(phrase, words, at)) found |= std::uint64_t{1} << phrase.list;
    }
  };
  for (std::size_t at = 0; at < words.size(); ++at) {
    look(by_first_, words[at], at);
    for (std::size_t bytes = 1; bytes <= kStartBytes && bytes <= words[at].size(); ++bytes) {
      look(by_start_, std::string_view(words[at]).substr(0, bytes), at);
    }
  }
  return found;
}

}  // namespace porchlight::triage
