#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/record.h"

// What the status page shows: how the machine is, never what is in a case.
namespace porchlight::app {

struct LaneView {
  std::string lane;
  std::int64_t waiting = 0;
  std::int64_t leased = 0;
  std::int64_t dead = 0;
  std::optional<Instant> oldest_due;
  static constexpr std::string_view kRecordName = "LaneView";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("lane", &LaneView::lane, Visibility::kPublic, "urgent, normal or bulk."),
                           Describe("waiting", &LaneView::waiting, Visibility::kPublic, "Jobs that wait."),
                           Describe("leased", &LaneView::leased, Visibility::kPublic, "Jobs being done."),
                           Describe("dead", &LaneView::dead, Visibility::kPublic, "Jobs given up after the last try."),
                           Describe("oldest_due", &LaneView::oldest_due, Visibility::kPublic, "Since when the oldest waiting job is due."));
  }
};

struct DeadLetterView {
  std::int64_t id = 0;
  std::string kind;
  int tries = 0;
  Instant enqueued_at;
  std::string last_error;
  static constexpr std::string_view kRecordName = "DeadLetterView";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("id", &DeadLetterView::id, Visibility::kPublic, "Number of the job."),
                           Describe("kind", &DeadLetterView::kind, Visibility::kPublic, "What it does."),
                           Describe("tries", &DeadLetterView::tries, Visibility::kPublic, "How often it was tried."),
                           Describe("enqueued_at", &DeadLetterView::enqueued_at, Visibility::kPublic, "Since when it exists."),
                           Describe("last_error", &DeadLetterView::last_error, Visibility::kPublic, "Why the last try failed."));
  }
};

struct AuditView {
  std::int64_t entries = 0;
  std::int64_t sealed = 0;
  std::optional<Instant> head_at;
  static constexpr std::string_view kRecordName = "AuditView";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("entries", &AuditView::entries, Visibility::kPublic, "Entries in the audit log."),
                           Describe("sealed", &AuditView::sealed, Visibility::kPublic, "Of these, under a signed tree head."),
                           Describe("head_at", &AuditView::head_at, Visibility::kPublic, "When the newest head was signed."));
  }
};

struct DiskView {
  std::int64_t free_bytes = 0;
  std::int64_t total_bytes = 0;
  static constexpr std::string_view kRecordName = "DiskView";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("free_bytes", &DiskView::free_bytes, Visibility::kPublic, "Free."),
                           Describe("total_bytes", &DiskView::total_bytes, Visibility::kPublic, "In all."));
  }
};

struct StatusView {
  std::string version;
  std::string engine;
  Instant started_at;
  bool database_ok = false;
  std::vector<LaneView> lanes;
  std::vector<DeadLetterView> dead_letters;
  DiskView disk;
  std::int64_t vault_free_bytes = 0;
  std::optional<Instant> last_backup_at;
  AuditView audit;
  std::int64_t live_pages = 0;
  bool media_ok = false;
  static constexpr std::string_view kRecordName = "Status";
  static constexpr auto Fields() {
    return std::make_tuple(
        Describe("version", &StatusView::version, Visibility::kPublic, "Of the program."),
        Describe("engine", &StatusView::engine, Visibility::kPublic, "sqlite or postgres."),
        Describe("started_at", &StatusView::started_at, Visibility::kPublic, "When this process started."),
        Describe("database_ok", &StatusView::database_ok, Visibility::kPublic, "The database answers."),
        Describe("lanes", &StatusView::lanes, Visibility::kPublic, "Background work by lane."),
        Describe("dead_letters", &StatusView::dead_letters, Visibility::kPublic, "Jobs that need a person, newest first."),
        Describe("disk", &StatusView::disk, Visibility::kPublic, "Where the database lives."),
        Describe("vault_free_bytes", &StatusView::vault_free_bytes, Visibility::kPublic,
                 "Free where evidence lives; -1: has no meaning there."),
        Describe("last_backup_at", &StatusView::last_backup_at, Visibility::kPublic, "When the last backup was finished and checked."),
        Describe("audit", &StatusView::audit, Visibility::kPublic, "The audit log."),
        Describe("live_pages", &StatusView::live_pages, Visibility::kPublic, "Pages that listen for live events."),
        Describe("media_ok", &StatusView::media_ok, Visibility::kPublic,
                 "Reported pictures can be decoded in their sandbox; without it there are no previews."));
  }
};

struct AuditRow {
  std::int64_t id = 0;
  Instant at;
  std::string login;
  std::string proof;
  std::string action;
  std::string subject_kind;
  std::int64_t subject = 0;
  std::string purpose;
  bool denied = false;
  std::string detail;
  std::optional<std::int64_t> leaf;
  static constexpr std::string_view kRecordName = "AuditRow";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("id", &AuditRow::id, Visibility::kPublic, "Number of the entry."),
                           Describe("at", &AuditRow::at, Visibility::kPublic, "When."),
                           Describe("login", &AuditRow::login, Visibility::kPublic, "Who."),
                           Describe("proof", &AuditRow::proof, Visibility::kPublic, "How they proved who they are."),
                           Describe("action", &AuditRow::action, Visibility::kPublic, "What they did."),
                           Describe("subject_kind", &AuditRow::subject_kind, Visibility::kPublic, "To which kind of record."),
                           Describe("subject", &AuditRow::subject, Visibility::kPublic, "To which record."),
                           Describe("purpose", &AuditRow::purpose, Visibility::kPublic, "Why, for restricted reads."),
                           Describe("denied", &AuditRow::denied, Visibility::kPublic, "It was refused."),
                           Describe("detail", &AuditRow::detail, Visibility::kPublic, "Codes."),
                           Describe("leaf", &AuditRow::leaf, Visibility::kPublic, "Leaf in the tree; null while unsealed."));
  }
};

struct AuditPage {
  std::vector<AuditRow> items;
  std::optional<std::int64_t> next_before;
  static constexpr std::string_view kRecordName = "AuditPage";
  static constexpr auto Fields() {
    return std::make_tuple(Describe("items", &AuditPage::items, Visibility::kPublic, "Newest first."),
                           Describe("next_before", &AuditPage::next_before, Visibility::kPublic, "Pass as `before` for older ones."));
  }
};

}  // namespace porchlight::app
