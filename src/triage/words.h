#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

// Finding phrases in what people write. Pure.
namespace porchlight::triage {

// Lower case, accents and apostrophes dropped, everything that is no letter or digit a space: the words of a text. Letters
// beyond Latin stay as they are.
std::vector<std::string> WordsOf(std::string_view utf8);

// A set of phrases under names. A phrase matches whole words in their order; "*" at the end of a word stands for any
// ending. Immutable after building; thread-safe.
class PhraseBook {
 public:
  // Empty phrases are ignored.
  void Add(std::string_view phrase, std::size_t list);
  // The lists of which a phrase occurs, as bits. Lists are numbered below 64.
  std::uint64_t Find(const std::vector<std::string>& words) const;

 private:
  struct Phrase {
    std::vector<std::string> words;
    std::size_t list = 0;
  };
  bool Matches(const Phrase& phrase, const std::vector<std::string>& words, std::size_t at) const;
  std::map<std::string, std::vector<Phrase>, std::less<>> by_first_;   // Whole first words.
  std::map<std::string, std::vector<Phrase>, std::less<>> by_start_;   // First words with an open end, by their first three bytes.
};

}  // namespace porchlight::triage
