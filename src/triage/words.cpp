#include "triage/words.h"

#include <cstdint>
#include <utility>

#include "triage/internal/letters.h"

namespace porchlight::triage {

namespace {

constexpr std::size_t kStartBytes = 3;

bool IsApostrophe(std::uint32_t point) { return point == '\'' || point == 0x2019 || point == 0x02BC; }

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
    const char letter = WithoutMark(point);
    if (letter != '\0') word += letter;
    return letter != '\0';
  }
  word += raw;
  return true;
}

}  // namespace

std::vector<std::string> WordsOf(std::string_view utf8) {
  std::vector<std::string> words;
  std::string word;
  for (std::size_t at = 0; at < utf8.size();) {
    const Letter read = LetterAt(utf8, at);
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
