#include "directory/organisations.h"

#include <algorithm>

#include "base/text.h"

namespace porchlight::directory {

namespace {

constexpr std::size_t kNameBytesMax = 200;
constexpr std::size_t kContactBytesMax = 500;
constexpr Duration kNamesKept = Duration::Seconds(10);

constexpr store::Statement kInsert{
    "directory.insert_organisation",
    "INSERT INTO directory_organisations (name, name_key, kind, country, contact, test, created_at) "
    "VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING id"};
constexpr store::Statement kFindByName{"directory.find_organisation_by_name",
                                       "SELECT id FROM directory_organisations WHERE name_key = $1"};
constexpr store::Statement kFind{
    "directory.find_organisation",
    "SELECT id, name, kind, country, contact, test, created_at FROM directory_organisations WHERE id = $1"};
constexpr store::Statement kList{
    "directory.list_organisations",
    "SELECT id, name, kind, country, contact, test, created_at FROM directory_organisations WHERE id > $1 ORDER BY id LIMIT $2"};
constexpr store::Statement kNames{"directory.organisation_names", "SELECT id, name FROM directory_organisations"};

Organisation ReadOrganisation(const store::Row& row) {
  return {{row.Integer(0)}, row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Bool(5), row.Time(6)};
}

Error NoSuchOrganisation(auth::OrganisationId id) {
  return Error{ErrorCode::kNotFound, "There is no such organisation.", "organisation " + std::to_string(id.value), {}, 0};
}

bool IsPlainText(std::string_view text, std::size_t bytes_max) {
  return text.size() <= bytes_max && IsUtf8(text) && std::none_of(text.begin(), text.end(), [](char c) {
           const auto byte = static_cast<unsigned char>(c);
           return byte < 0x20 || byte == 0x7f;
         });
}

bool IsCodeOf(const profile::Profile& profile, std::string_view list, std::string_view code) {
  const std::vector<profile::Code>& codes = profile.List(list);
  return std::any_of(codes.begin(), codes.end(), [&](const profile::Code& one) { return one.code == code; });
}

Error Wrong(std::string text, std::string field) {
  return Error{ErrorCode::kInvalidArgument, std::move(text), {}, std::move(field), 0};
}

}  // namespace

Result<void> CheckOrganisation(const profile::Profile& profile, const Organisation& organisation) {
  if (Trim(organisation.name) != organisation.name || organisation.name.empty() || !IsPlainText(organisation.name, kNameBytesMax)) {
    return Wrong("A name is 1 to 200 bytes of text without white space at its ends.", "/name");
  }
  if (!IsCodeOf(profile, "organisation_kinds", organisation.kind)) {
    return Wrong("The kind is not in the list organisation_kinds.", "/kind");
  }
  if (!IsCodeOf(profile, "countries", organisation.country)) return Wrong("The country is not in the list countries.", "/country");
  if (!IsPlainText(organisation.contact, kContactBytesMax)) {
    return Wrong("A contact is at most 500 bytes of text in one line.", "/contact");
  }
  return {};
}

Result<auth::OrganisationId> InsertOrganisation(store::WriteTransaction& transaction, const Organisation& organisation) {
  const std::string key = LowerAscii(organisation.name);
  const std::optional<store::Row> taken = PL_TRY(transaction.First(kFindByName, key));
  if (taken) return Error{ErrorCode::kConflict, "There is an organisation of this name.", {}, "/name", 0};
  const std::optional<store::Row> row =
      PL_TRY(transaction.First(kInsert, organisation.name, key, organisation.kind, organisation.country, organisation.contact,
                               organisation.test, organisation.created_at));
  if (!row) return Error{ErrorCode::kInternal, "The organisation was not stored.", "insert answered no id", {}, 0};
  return auth::OrganisationId{row->Integer(0)};
}

Result<Organisation> FindOrganisation(store::ReadTransaction& transaction, auth::OrganisationId id) {
  const std::optional<store::Row> row = PL_TRY(transaction.First(kFind, id));
  if (!row) return NoSuchOrganisation(id);
  return ReadOrganisation(*row);
}

Result<Organisation> FindOrganisationFor(store::ReadTransaction& transaction, const auth::Caller& caller, auth::OrganisationId id) {
  if (caller.organisation.value != 0 && caller.organisation != id) return NoSuchOrganisation(id);
  return FindOrganisation(transaction, id);
}

Result<std::vector<Organisation>> ListOrganisationsFor(store::ReadTransaction& transaction, const auth::Caller& caller,
                                                       auth::OrganisationId after, int count_max) {
  std::vector<Organisation> organisations;
  if (caller.organisation.value != 0) {
    if (after < caller.organisation) organisations.push_back(PL_TRY(FindOrganisation(transaction, caller.organisation)));
    return organisations;
  }
  const std::vector<store::Row> rows = PL_TRY(transaction.All(kList, after, count_max));
  for (const store::Row& row : rows) organisations.push_back(ReadOrganisation(row));
  return organisations;
}

std::string OrganisationNames::Of(auth::OrganisationId id) {
  if (id.value == 0) return {};
  const std::lock_guard lock(mutex_);
  const Duration now = clock_.Monotonic();
  const auto found = names_.find(id.value);
  const bool fresh = read_at_ && now.microseconds - read_at_->microseconds < kNamesKept.microseconds;
  if (fresh) return found == names_.end() ? std::string() : found->second;
  const Result<std::vector<store::Row>> rows =
      database_.Read([](store::ReadTransaction& transaction) { return transaction.All(kNames); });
  // While the database is away the names of before are good enough for a list.
  if (!rows.ok()) return found == names_.end() ? std::string() : found->second;
  names_.clear();
  for (const store::Row& row : *rows) names_.emplace(row.Integer(0), row.Text(1));
  read_at_ = now;
  const auto again = names_.find(id.value);
  return again == names_.end() ? std::string() : again->second;
}

}  // namespace porchlight::directory
