#include "tipline/public_http.h"

#include <algorithm>

#include "base/text.h"
#include "platform/http/form.h"
#include "tipline_pages_embedded.h"

namespace porchlight::tipline {

namespace {

constexpr std::size_t kFormBytesMax = 512 * 1024;
constexpr std::string_view kPolicy =
    "default-src 'none'; style-src 'self'; script-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

std::string ValueOf(const FormFields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string() : found->second;
}

http::FormLimits Limits() {
  http::FormLimits limits;
  limits.field_bytes_max = 128 * 1024;
  return limits;
}

}  // namespace

PublicHttp::PublicHttp(IntakeStore& intake, const wire::Reader& reader, const profile::Profile& profile, const Clock& clock,
                       Random& random, const Options& options)
    : intake_(intake), reader_(reader), profile_(profile), clock_(clock), limits_(clock, random, options.limits),
      stamps_(clock, random, options.stamp_key) {}

std::string_view PublicHttp::Word(const std::string& language, std::string_view key) const {
  return profile_.Word(language, "report_form." + std::string(key));
}

std::string PublicHttp::LanguageOf(const http::Request& request, const FormFields& fields) const {
  const auto known = [&](std::string_view wanted) {
    return std::find(profile_.languages.begin(), profile_.languages.end(), wanted) != profile_.languages.end();
  };
  const std::string said = fields.contains("lang") ? ValueOf(fields, "lang") : std::string(request.Query("lang").value_or(""));
  if (known(said)) return said;
  for (const std::string_view part : Split(request.headers.Find("Accept-Language").value_or(""), ',')) {
    const std::string tag = LowerAscii(Trim(part.substr(0, part.find(';'))));
    if (known(tag)) return tag;
    if (known(tag.substr(0, tag.find('-')))) return tag.substr(0, tag.find('-'));
  }
  return profile_.languages.front();
}

std::vector<PageValues> PublicHttp::Contacts(const std::string& language) const {
  std::vector<PageValues> contacts;
  const auto list = profile_.code_lists.find("crisis_contacts");
  if (list == profile_.code_lists.end()) return contacts;
  for (const profile::Code& code : list->second) {
    PageValues contact;
    contact.Set("label", std::string(profile_.Label("crisis_contacts", code.code, language)));
    const auto phone = code.maps_to.find("phone");
    std::vector<PageValues> phones;
    if (phone != code.maps_to.end()) phones.push_back(PageValues().Set("phone", phone->second));
    contacts.push_back(contact.List("phones", std::move(phones)));
  }
  return contacts;
}

http::Response PublicHttp::Render(int status, std::string_view file, const std::string& language, std::string_view title, PageValues values) {
  std::vector<PageValues> languages;
  for (const std::string& one : profile_.languages) {
    languages.push_back(PageValues().Set("code", one).Set("name", std::string(Word(one, "language_name"))));
  }
  values.Set("lang", language).Set("title", std::string(Word(language, title))).Set("centre", profile_.centre_name);
  values.List("languages", std::move(languages)).List("contacts", Contacts(language));
  Result<std::string> page =
      RenderPage(embedded::tipline_pages(), file, values, [&](std::string_view key) { return Word(language, key); });
  if (!page.ok()) return http::ErrorResponse(page.error(), {});
  http::Response response = http::HtmlResponse(status, *std::move(page));
  response.headers.Set("Content-Security-Policy", std::string(kPolicy));
  response.headers.Set("Content-Language", language);
  return response;
}

http::Response PublicHttp::Asset(std::string_view file, std::string_view content_type) const {
  http::Response response;
  response.content_type = content_type;
  response.body = embedded::tipline_pages().at(file);
  return response;
}

http::Response PublicHttp::Start(const http::Request& request) {
  return Render(200, "start.html", LanguageOf(request, {}), "title", {});
}

// Each mistake beside its field as well as in the list on top: the first one of a field.
void PublicHttp::SetFieldProblems(PageValues& values, const std::vector<FormProblem>& problems, const std::string& language) const {
  values.Show("kind_problem", false);
  for (const FormField& field : PublicFormFields()) values.Show(std::string(field.name) + "_problem", false);
  for (auto problem = problems.rbegin(); problem != problems.rend(); ++problem) {
    values.List(problem->field + "_problem", {PageValues().Set("text", std::string(Word(language, problem->word)))});
  }
}

http::Response PublicHttp::ShowForm(const FormFields& fields, const std::string& language, const std::vector<FormProblem>& problems,
                                    std::string_view notice, int status) {
  PageValues values;
  for (const FormField& field : PublicFormFields()) values.Set(std::string(field.name), ValueOf(fields, field.name));
  SetFieldProblems(values, problems, language);
  const std::string kind = ValueOf(fields, "kind");
  std::vector<PageValues> chosen;
  std::vector<PageValues> others;
  for (const profile::Code& code : profile_.List("incident_types")) {
    PageValues option;
    option.Set("code", code.code).Set("label", std::string(profile_.Label("incident_types", code.code, language)));
    (code.code == kind ? chosen : others).push_back(std::move(option));
  }
  std::vector<PageValues> listed;
  for (const FormProblem& problem : problems) {
    listed.push_back(PageValues()
                         .Set("field", problem.field)
                         .Set("label", std::string(Word(language, problem.field)))
                         .Set("problem", std::string(Word(language, problem.word))));
  }
  std::vector<PageValues> notices;
  if (!notice.empty()) notices.push_back(PageValues().Set("text", std::string(Word(language, notice))));
  values.Set("danger", ValueOf(fields, "danger")).Set("stamp", stamps_.New());
  values.List("chosen_kinds", std::move(chosen)).List("other_kinds", std::move(others)).List("notice", std::move(notices));
  values.Show("has_problems", !problems.empty()).List("problems", std::move(listed));
  return Render(status, "form.html", language, problems.empty() ? "form_title" : "form_title_problem", std::move(values));
}

http::Response PublicHttp::ShowReceipt(ReportId report, const std::string& language, bool in_danger) {
  PageValues values;
  values.Set("number", std::to_string(report.value)).Show("in_danger", in_danger);
  return Render(200, "receipt.html", language, "receipt_title", std::move(values));
}

http::Response PublicHttp::ShowProblem(const std::string& language, std::string_view word, int status, std::int64_t retry_after_seconds) {
  PageValues values;
  values.Set("message", std::string(Word(language, word)));
  http::Response response = Render(status, "problem.html", language, "problem_title", std::move(values));
  if (retry_after_seconds > 0) response.headers.Set("Retry-After", std::to_string(retry_after_seconds));
  return response;
}

http::Response PublicHttp::Step(const http::Request& request) {
  const Result<FormFields> fields = http::ParseForm(request, Limits());
  if (!fields.ok()) return ShowProblem(LanguageOf(request, {}), "problem_unreadable", http::StatusFor(fields.error().code), 0);
  const std::string language = LanguageOf(request, *fields);
  const std::string step = ValueOf(*fields, "step");
  const std::string danger = ValueOf(*fields, "danger");
  if (step == "form") return File(request, *fields, language);
  if (step == "help" || (step == "start" && danger == "no")) return ShowForm(*fields, language, {}, {}, 200);
  // Danger, doubt, or no answer: help stands first, the report after it.
  PageValues values;
  values.Set("danger", danger);
  return Render(200, "help.html", language, "help_title", std::move(values));
}

http::Response PublicHttp::File(const http::Request& request, const FormFields& fields, const std::string& language) {
  const Instant now = clock_.Now();
  const std::vector<FormProblem> problems = CheckPublicForm(fields, now);
  if (!problems.empty()) return ShowForm(fields, language, problems, {}, 422);
  // Never a silent drop: whoever fills the field for machines, or is too quick, is told and may send again.
  if (!ValueOf(fields, "website").empty()) return ShowForm(fields, language, {}, "notice_leave_empty", 422);
  const std::string stamp = ValueOf(fields, "stamp");
  if (stamps_.Check(stamp) != FormStamps::State::kGood) return ShowForm(fields, language, {}, "notice_send_again", 422);
  const PublicLimits::Verdict verdict = limits_.Take(request.peer_address);
  if (!verdict.allowed) return ShowProblem(language, "problem_too_many", 429, verdict.retry_after_seconds);

  const bool words = SuggestsDanger(fields, Word(language, "danger_words"));
  const bool in_danger = words || ValueOf(fields, "danger") == "yes";
  const std::string document = DocumentOfPublicForm(fields, in_danger, now);
  const wire::Reading<wire::ReportFacts> reading = reader_.ReadReport(document, now);
  if (!reading.facts) return ShowProblem(language, "problem_refused", 422, 0);
  IntakeStore::Submission submission{document, *reading.facts, ReportSource::kPublic, request.body, stamp, request.request_id, true};
  Result<IntakeStore::Opened> opened = intake_.Submit(auth::PublicCaller(), submission);
  if (!opened.ok() && opened.error().field == "idempotency_key") {
    // The same page, changed and sent once more: another report.
    submission.idempotency_key = {};
    opened = intake_.Submit(auth::PublicCaller(), submission);
  }
  if (!opened.ok()) return ShowProblem(language, "problem_unavailable", http::StatusFor(opened.error().code), 60);
  return ShowReceipt(opened->report, language, in_danger);
}

std::vector<http::Route> PublicHttp::Routes() {
  using http::Method;
  std::vector<http::Route> routes;
  const auto add = [&](Method method, std::string pattern, std::string name, std::size_t bytes_max, http::Handler handler) {
    http::Route route;
    route.method = method;
    route.pattern = std::move(pattern);
    route.name = std::move(name);
    route.entrance = http::Entrance::kOpen;
    route.body_bytes_max = bytes_max;
    route.handler = std::move(handler);
    routes.push_back(std::move(route));
  };
  add(Method::kGet, "/report", "report_form.start", 0, [this](const http::Request& request, const auth::Caller&) { return Start(request); });
  add(Method::kPost, "/report", "report_form.step", kFormBytesMax,
      [this](const http::Request& request, const auth::Caller&) { return Step(request); });
  add(Method::kGet, "/report/style.css", "report_form.style", 0,
      [this](const http::Request&, const auth::Caller&) { return Asset("style.css", "text/css;charset=utf-8"); });
  add(Method::kGet, "/report/exit.js", "report_form.exit", 0,
      [this](const http::Request&, const auth::Caller&) { return Asset("exit.js", "text/javascript;charset=utf-8"); });
  routes[1].refuse = [this](const http::RequestHead& head, const Error& error) {
    const std::string language = profile_.languages.front();
    (void)head;
    return ShowProblem(language, error.code == ErrorCode::kTooLarge ? "problem_too_long" : "problem_unavailable", http::StatusFor(error.code), 0);
  };
  return routes;
}

}  // namespace porchlight::tipline
