#include "directory/directory_http.h"
#include "directory/rules.h"

// What the OpenAPI document tells of this room's routes. A test holds it against Routes().
namespace porchlight::directory {

namespace {

using http::ApiOperation;
using http::Method;
using http::SchemaFor;

ApiOperation Operation(Method method, std::string pattern, std::string permission, std::string summary) {
  ApiOperation operation;
  operation.method = method;
  operation.pattern = "/api/v1/" + std::move(pattern);
  operation.permission = std::move(permission);
  operation.summary = std::move(summary);
  return operation;
}

template <class Answer>
ApiOperation Listing(std::string pattern, std::string permission, std::string summary) {
  ApiOperation operation = Operation(Method::kGet, std::move(pattern), std::move(permission), std::move(summary));
  operation.response_schema = SchemaFor<Answer>();
  operation.parameters = {{"after", "query", "integer", "Only numbers above it.", false},
                          {"limit", "query", "integer", "1 to 200; 50 when absent.", false}};
  operation.refusals = {422};
  return operation;
}

template <class Answer>
ApiOperation Change(std::string pattern, std::string permission, std::string summary) {
  ApiOperation operation = Operation(Method::kPost, std::move(pattern), std::move(permission), std::move(summary));
  operation.response_schema = SchemaFor<Answer>();
  operation.refusals = {404, 409, 422};
  return operation;
}

template <class Body, class Answer>
ApiOperation Change(std::string pattern, std::string permission, std::string summary, int status) {
  ApiOperation operation = Change<Answer>(std::move(pattern), std::move(permission), std::move(summary));
  operation.request_schema = SchemaFor<Body>();
  operation.success_status = status;
  return operation;
}

void AddSession(std::vector<ApiOperation>& all) {
  ApiOperation sign_in = Change<SignInRequest, SessionView>(
      "sign-in", "", "Begin a session; the cookie comes with the answer. 401 with field /code: send it again with a code.", 200);
  sign_in.open = true;
  sign_in.refusals = {401, 415, 422};
  all.push_back(sign_in);
  ApiOperation sign_out = Operation(Method::kPost, "sign-out", "", "End the session.");
  sign_out.success_status = 204;
  all.push_back(sign_out);
  ApiOperation session = Operation(Method::kGet, "session", "", "Who is signed in, and what they may do.");
  session.response_schema = SchemaFor<SessionView>();
  all.push_back(session);
  all.push_back(Change<EnrolmentView>("second-factor", "", "Offer a second factor, shown once."));
  all.push_back(Change<CodeRequest, SessionView>("second-factor/confirm", "", "Confirm it with a code; a new session begins.", 200));
  for (ApiOperation& one : all) one.tag = "session";
}

}  // namespace

std::vector<ApiOperation> Operations() {
  const std::string write(kAdministers);
  std::vector<ApiOperation> all;
  AddSession(all);
  all.push_back(Listing<OrganisationPage>("organisations", "directory.organisation.read", "Organisations; an outsider's own."));
  ApiOperation organisation = Operation(Method::kGet, "organisations/{id}", "directory.organisation.read", "One organisation.");
  organisation.response_schema = SchemaFor<OrganisationView>();
  organisation.refusals = {404};
  all.push_back(organisation);
  all.push_back(Change<NewOrganisation, OrganisationView>("organisations", "directory.organisation.write", "Add an organisation.", 201));
  all.push_back(Listing<AccountPage>("accounts", "directory.account.read", "Accounts."));
  ApiOperation account = Operation(Method::kGet, "accounts/{id}", "directory.account.read", "One account.");
  account.response_schema = SchemaFor<AccountView>();
  account.refusals = {404};
  all.push_back(account);
  all.push_back(Change<NewAccount, CreatedAccount>("accounts", write, "Add an account; a made password is shown once.", 201));
  all.push_back(Change<AccountView>("accounts/{id}/disable", write, "Disable it; its sessions end at once."));
  all.push_back(Change<AccountView>("accounts/{id}/enable", write, "Enable it, and end a lock-out."));
  all.push_back(Change<PasswordRequest, CreatedAccount>("accounts/{id}/password", write, "Set or make a password; its sessions end.", 200));
  all.push_back(Change<RolesRequest, AccountView>("accounts/{id}/roles", write, "Set its roles; its sessions end.", 200));
  all.push_back(Change<AccountView>("accounts/{id}/second-factor/remove", write, "Take a lost second factor away."));
  all.push_back(Listing<TokenPage>("tokens", "directory.account.read", "Tokens, never their secrets."));
  all.push_back(Change<NewToken, IssuedToken>("tokens", "directory.token.write", "Issue a token, shown once.", 201));
  all.push_back(Change<TokenView>("tokens/{id}/revoke", "directory.token.write", "Revoke it; it is refused from now on."));
  ApiOperation lists = Operation(Method::kGet, "code-lists", "code_lists.read", "The profile's code lists and roles.");
  lists.parameters = {{.name = "list", .in = "query", .type = "string", .description = "Only this one.", .required = false}};
  lists.response_schema = CodeLists::Schema;
  lists.refusals = {404};
  all.push_back(lists);
  return all;
}

}  // namespace porchlight::directory
