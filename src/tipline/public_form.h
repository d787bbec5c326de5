#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/instant.h"
#include "tipline/report.h"

// What the public writes into the form, and the wire document made from it, so that everything after is one way. Pure.
namespace porchlight::tipline {

using FormFields = std::map<std::string, std::string, std::less<>>;

struct FormField {
  std::string_view name;
  std::size_t characters_max;
};
// Every text field, in the order of the page.
const std::vector<FormField>& PublicFormFields();

struct FormProblem {
  std::string field;
  std::string_view word;     // Key below "report_form.": "problem_missing".
};
// What keeps the form from being sent; empty: nothing. Everything but the kind and the account of what happened may
// stay empty.
std::vector<FormProblem> CheckPublicForm(const FormFields& fields, Instant now);

// Whether the words suggest that somebody is in danger. `danger_words`: of the profile, separated by commas.
bool SuggestsDanger(const FormFields& fields, std::string_view danger_words);

// The report document for fields without a problem. `urgent`: in the reporter's words, or by what they suggest.
std::string DocumentOfPublicForm(const FormFields& fields, bool urgent, Instant now);

}  // namespace porchlight::tipline
