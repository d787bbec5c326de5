#include "synthetic/internal/markup.h"

#include "base/check.h"
#include "base/text.h"

namespace porchlight::synthetic::internal {

Markup::Markup(const WireHabit& habit, std::string_view root) : habit_(habit) {
  switch (habit.declaration) {
    case Declaration::kNone: break;
    case Declaration::kSingleQuoted: out_ = "<?xml version='1.0' encoding='utf-8'?>"; break;
    case Declaration::kDoubleQuoted: out_ = R"(<?xml version="1.0" encoding="UTF-8"?>)"; break;
    case Declaration::kStandalone: out_ = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>)"; break;
  }
  if (habit.indent == 0 && habit.final_newline) out_ += '\n';
  if (habit.names_schema) {
    Open(root, {{"xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"},
                {"xsi:noNamespaceSchemaLocation", "https://clearinghouse.example/ispws/xsd"}});
  } else {
    Open(root);
  }
}

void Markup::NewLine() {
  if (habit_.indent == 0 || out_.empty()) return;
  out_ += '\n';
  out_.append(open_.size() * static_cast<std::size_t>(habit_.indent), ' ');
}

void Markup::Tag(std::string_view name, Attributes attributes) {
  NewLine();
  out_ += '<';
  out_ += name;
  for (const auto& [key, value] : attributes) {
    out_ += ' ';
    out_ += key;
    out_ += "=\"";
    out_ += EscapeMarkup(value);
    out_ += '"';
  }
}

void Markup::Open(std::string_view name, Attributes attributes) {
  Tag(name, attributes);
  out_ += '>';
  open_.emplace_back(name);
}

void Markup::Close() {
  PL_CHECK(!open_.empty());
  const std::string name = std::move(open_.back());
  open_.pop_back();
  // An element without children is closed on its own line's end, so that layout adds no text to it.
  if (!out_.ends_with("<" + name + ">")) NewLine();
  out_ += "</" + name + ">";
}

void Markup::Leaf(std::string_view name, std::string_view text, Attributes attributes) {
  Tag(name, attributes);
  out_ += '>';
  out_ += EscapeMarkup(text);
  out_ += "</";
  out_ += name;
  out_ += '>';
}

void Markup::Empty(std::string_view name, Attributes attributes) {
  Tag(name, attributes);
  out_ += "/>";
}

void Markup::Flag(std::string_view name) {
  if (habit_.flags == FlagForm::kTrueText) {
    Leaf(name, "true");
  } else {
    Empty(name);
  }
}

std::string Markup::Finish() {
  Close();
  PL_CHECK(open_.empty());
  if (habit_.final_newline) out_ += '\n';
  return std::move(out_);
}

}  // namespace porchlight::synthetic::internal
