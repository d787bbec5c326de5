#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "synthetic/providers.h"

namespace porchlight::synthetic::internal {

using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Writes one XML document in a provider's manner. Every Open needs its Close.
class Markup {
 public:
  Markup(const WireHabit& habit, std::string_view root);

  void Open(std::string_view name, Attributes attributes = {});
  void Close();
  void Leaf(std::string_view name, std::string_view text, Attributes attributes = {});
  // Nothing is written for an empty text.
  void LeafIfAny(std::string_view name, std::string_view text) {
    if (!text.empty()) Leaf(name, text);
  }
  void Flag(std::string_view name);
  void YesNo(std::string_view name, bool yes) { Leaf(name, yes ? "true" : "false"); }
  void Empty(std::string_view name, Attributes attributes = {});
  // Closes the root; call once, last.
  std::string Finish();

  const WireHabit& habit() const { return habit_; }

 private:
  void NewLine();
  void Tag(std::string_view name, Attributes attributes);

  const WireHabit& habit_;
  std::string out_;
  std::vector<std::string> open_;
};

}  // namespace porchlight::synthetic::internal
