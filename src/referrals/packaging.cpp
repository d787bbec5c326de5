#include "referrals/packaging.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "platform/archive/archive.h"
#include "platform/audit/audit.h"
#include "platform/jobs/outbox.h"
#include "referrals/delivery_rows.h"
#include "referrals/package_seal.h"
#include "referrals/summary.h"
#include "tipline/report_store.h"

namespace porchlight::referrals {

namespace {

constexpr std::string_view kPurpose = "referral";

// What the system may do here, and nowhere else: open what the gate lets be opened, for this agency.
auth::Caller PackagingCaller() {
  auth::Caller caller = auth::SystemCaller("referrals");
  caller.permissions.insert(std::string(evidence::kMayOpenFile));
  caller.visibility.Add(Visibility::kRestricted);
  return caller;
}

// A package is for a named officer, who fetches it: victims are named in it (V5), the centre's own notes (V3) are not.
VisibilitySet PackageClasses() { return {Visibility::kPublic, Visibility::kLawEnforcement, Visibility::kRestricted}; }

std::string ReadMe(std::string_view key_id) {
  return "This package was made by the clearinghouse for one agency.\n\n"
         "summary.pdf     to read or print; the date until which the provider keeps its data is on the first line\n"
         "report.json     the same data for programs; report.xml likewise\n"
         "original/       the submission as it was received, byte for byte\n"
         "files/          the files that may be opened; manifest.json says why others are not there\n"
         "manifest.json   digests of all of it, and who decided what; manifest.sig is its signature\n"
         "SHA256SUMS      the digests again, for sha256sum\n\n"
         "To check it without any program of ours, unpack it and run: sha256sum -c SHA256SUMS\n"
         "To check the signatures as well: porchlight package verify FILE.zip\n"
         "It is signed with the key " +
         std::string(key_id) + "; compare that with what the clearinghouse told you by another way.\n";
}

// The file itself is gone or damaged. When the key is missing, all would be: that is for the operator to mend first.
bool IsUnreadable(const Error& error) {
  if (error.code == ErrorCode::kNotFound) return error.field != vault::kMasterKeyField;
  return error.code == ErrorCode::kCorrupt;
}

// In one order, so that a directory may list them in any.
std::string FingerprintsOf(const std::vector<crypto::Receiver>& receivers) {
  std::set<std::string> sorted;
  for (const crypto::Receiver& one : receivers) sorted.insert(one.fingerprint());
  std::string all;
  for (const std::string& one : sorted) all += (all.empty() ? "" : ",") + one;
  return all;
}

Error NoDelivery() { return Error{ErrorCode::kNotFound, "There is no such delivery.", {}, "delivery", 0}; }
Error GrantedAnew() {
  return Error{ErrorCode::kUnavailable, "The delivery was granted anew while its package was made; it is made anew.", {}, "delivery", 1};
}

Error OtherReceivers() {
  return Error{ErrorCode::kUnavailable, "The package was made for other certificates meanwhile; it is made anew.", {}, "delivery", 1};
}

}  // namespace

// One package while it is made: each entry is hashed on its way into the archive.
class Packaging::Builder {
 public:
  Builder(Packaging& packaging, const DeliveryContent& content, int number, Instant now)
      : packaging_(packaging), content_(content), receivers_(packaging.ReceiversOf(content.agency, now)), number_(number), now_(now) {}

  Result<vault::StoredObject> Run() {
    const std::unique_ptr<vault::Writer> writer = PL_TRY(packaging_.vault_.Begin());
    archive::ZipWriterOptions options;
    options.time = now_;
    options.comment_bytes = kSealBytes;
    const auto keep = [&](std::string_view bytes) { return writer->Append(bytes); };
    std::optional<crypto::EnvelopeWriter> envelope;
    if (!receivers_.empty()) envelope.emplace(receivers_, keep);
    zip_.emplace(PL_TRY(archive::ZipWriter::Start(
        options, [&](std::string_view bytes) { return envelope ? envelope->Write(bytes) : keep(bytes); })));
    PL_TRY(AddData());
    PL_TRY(AddOriginals());
    PL_TRY(AddFiles());
    PL_TRY(AddManifest());
    const auto seal = [&](std::string_view sha256) -> Result<std::string> { return SealText(packaging_.key_, sha256); };
    PL_TRY(zip_->Finish(seal));
    if (envelope) PL_TRY(envelope->Finish());
    return writer->Commit();
  }

  // Place in the report of the file that could not be read, after Run has failed for that.
  std::optional<std::size_t> unreadable() const { return unreadable_; }

 private:
  Result<void> Add(const std::string& name, std::string_view bytes) {
    entries_.push_back({name, static_cast<std::int64_t>(bytes.size()), HexEncode(crypto::Sha256(bytes))});
    return zip_->Add(name, bytes);
  }

  Result<void> AddData() {
    SummaryFacts facts;
    facts.centre_name = packaging_.centre_.name;
    facts.centre_contact = packaging_.centre_.contact;
    facts.agency = content_.agency.name;
    facts.delivery = content_.delivery.id.value;
    facts.made_at = now_;
    facts.why_here = content_.why_here;
    const std::string summary = PL_TRY(SummaryPdf(content_.report, facts));
    PL_TRY(Add("summary.pdf", summary));
    const Json data = ToJson(content_.report, PackageClasses());
    PL_TRY(Add("report.json", data.SerializePretty()));
    PL_TRY(Add("report.xml", XmlOf(data, "deliveredReport")));
    return Add("README.txt", ReadMe(KeyIdOf(packaging_.key_.public_key)));
  }

  // Law: who reported as one of the public is protected (V5, domain 4.11): what they filled in stays here, and the manifest names
  // its digest, so that it can be asked for by legal process and compared.
  Result<void> AddOriginals() {
    const tipline::ReportId report = content_.delivery.report;
    const auto read = [&](std::int64_t place) {
      return packaging_.database_.Read([&](store::ReadTransaction& transaction) {
        return tipline::FindOriginal(transaction, packaging_.reader_.sealer(), report, place);
      });
    };
    const tipline::Original original = PL_TRY(read(0));
    original_sha256_ = HexEncode(original.sha256);
    if (content_.report.source == tipline::ReportSource::kPublic) {
      withheld_.push_back({"original/report.xml", "protected_reporter"});
      return {};
    }
    PL_TRY(Add("original/report.xml", original.bytes));
    int number = 0;
    for (const tipline::FiledFile& file : content_.filed.files) {
      ++number;
      if (file.details_place == 0) continue;
      const tipline::Original details = PL_TRY(read(file.details_place));
      PL_TRY(Add("original/file_" + std::to_string(number) + ".xml", details.bytes));
    }
    return {};
  }

  Result<void> AddFiles() {
    for (std::size_t index = 0; index < content_.report.files.size(); ++index) {
      const ContentFileView& file = content_.report.files[index];
      if (!file.open || file.unreadable) {
        const std::string why = file.open ? "unreadable" : "gate:" + file.gate_rule;
        withheld_.push_back({EntryNameOf(file.number, file.media_type), why});
        continue;
      }
      PL_TRY(AddFile(file, index));
    }
    return {};
  }

  Result<void> AddFile(const ContentFileView& file, std::size_t index) {
    const tipline::FileId id = content_.filed.files[index].facts.id;
    crypto::Sha256Stream hasher;
    bool begun = false;
    bool written = true;
    const auto begin = [&] {
      begun = true;
      return zip_->Begin(file.entry, static_cast<std::uint64_t>(file.bytes));
    };
    const auto write = [&](std::string_view bytes) -> Result<void> {
      written = false;
      if (!begun) PL_TRY(begin());
      hasher.Update(bytes);
      PL_TRY(zip_->Write(bytes));
      written = true;
      return {};
    };
    const Result<void> opened = packaging_.door_.OpenFile(PackagingCaller(), id, kPurpose, write, kBuildRequest);
    if (!opened.ok() && opened.error().code == ErrorCode::kForbidden) {
      return Error{ErrorCode::kUnavailable, "The gate changed while the package was made; it is made anew.", {}, "gate", 1};
    }
    if (!opened.ok() && written && IsUnreadable(opened.error())) unreadable_ = index;
    if (!opened.ok()) return opened.error();
    const std::string sha256 = HexEncode(hasher.Finish());
    if (sha256 != file.sha256) {
      unreadable_ = index;
      return Error{ErrorCode::kCorrupt, "A stored file is not what was received.", "file " + std::to_string(id.value), {}, 0};
    }
    if (!begun) PL_TRY(begin());
    PL_TRY(zip_->End());
    entries_.push_back({file.entry, file.bytes, sha256});
    return {};
  }

  Result<void> AddManifest() {
    const std::string manifest = Manifest().SerializePretty() + "\n";
    PL_TRY(Add(std::string(kManifestName), manifest));
    PL_TRY(Add(std::string(kManifestSignatureName), SignManifest(packaging_.key_, manifest)));
    const std::string sums = SumsText(entries_);
    return zip_->Add(std::string(kSumsName), sums);
  }

  Json Manifest() const {
    Json listed{Json::Array{}};
    for (const SealedEntry& entry : entries_) {
      listed.Append(Json().Set("name", entry.name).Set("bytes", entry.bytes).Set("sha256", entry.sha256));
    }
    Json withheld{Json::Array{}};
    for (const auto& [name, why] : withheld_) withheld.Append(Json().Set("name", name).Set("why", why));
    const Decision& decision = content_.decision;
    const Json routing = Json()
                             .Set("decision", decision.number)
                             .Set("at", FormatInstant(decision.at))
                             .Set("cause", NameOf(decision.cause))
                             .Set("weights", decision.routing_version)
                             .Set("agencies", decision.agencies_version)
                             .Set("geo", decision.geo_version);
    Json preserve;
    if (content_.report.preserve_until) preserve = FormatInstant(*content_.report.preserve_until);
    return Json()
        .Set("format", "porchlight-package-1")
        .Set("preserve_until", std::move(preserve))
        .Set("centre", packaging_.centre_.name)
        .Set("agency", content_.agency.code)
        .Set("agency_name", content_.agency.name)
        .Set("report", content_.delivery.report.value)
        .Set("delivery", content_.delivery.id.value)
        .Set("package", number_)
        .Set("made_at", FormatInstant(now_))
        .Set("original_sha256", original_sha256_)
        .Set("routing", routing)
        .Set("gates", content_.gates)
        .Set("entries", std::move(listed))
        .Set("withheld", std::move(withheld))
        .Set("key_id", KeyIdOf(packaging_.key_.public_key))
        .Set("public_key", HexEncode(packaging_.key_.public_key));
  }

  static constexpr std::string_view kBuildRequest = "package";
  Packaging& packaging_;
  const DeliveryContent& content_;
  const std::vector<crypto::Receiver>& receivers_;
  const int number_;
  const Instant now_;
  std::optional<archive::ZipWriter> zip_;
  std::vector<SealedEntry> entries_;
  std::vector<std::pair<std::string, std::string>> withheld_;
  std::optional<std::size_t> unreadable_;
  std::string original_sha256_;
};

Result<Package> Packaging::EnsurePackage(DeliveryId id) {
  struct Found {
    std::optional<Package> newest;
    std::string gates;
    Delivery delivery;
    std::string receivers;
  };
  const auto look = [&](store::ReadTransaction& transaction) -> Result<Found> {
    const std::optional<Delivery> delivery = PL_TRY(rows::FindDelivery(transaction, id));
    if (!delivery) return NoDelivery();
    Found found;
    found.delivery = *delivery;
    found.newest = PL_TRY(rows::NewestPackage(transaction, id));
    found.gates = PL_TRY(reader_.ReadGates(transaction, delivery->report));
    const std::optional<AgencyRow> agency = PL_TRY(rows::FindAgency(transaction, delivery->agency));
    if (agency) found.receivers = FingerprintsOf(ReceiversOf(*agency, clock_.Now()));
    return found;
  };
  const Found found = PL_TRY(database_.Read(look));
  const bool is_current = found.newest && found.newest->gates == found.gates && found.newest->encrypted_to == found.receivers &&
                          IsOfThisGrant(*found.newest, found.delivery);
  const bool may_be_mended = found.newest && found.newest->unreadable > 0 && clock_.Now() >= found.newest->at + kUnreadableAgain;
  if (is_current && !may_be_mended) return *found.newest;
  DeliveryContent content =
      PL_TRY(database_.Read([&](store::ReadTransaction& transaction) { return reader_.Read(transaction, found.delivery); }));
  return Build(std::move(content), found.newest ? found.newest->number + 1 : 1);
}

const std::vector<crypto::Receiver>& Packaging::ReceiversOf(const AgencyRow& agency, Instant now) const {
  static const std::vector<crypto::Receiver> kNone;
  const Agency* listed = agencies_.LastListed(agency.code, now);
  return listed == nullptr ? kNone : listed->receivers;
}

bool Packaging::IsForReceiversOf(const Package& package, const AgencyRow& agency) const {
  return package.encrypted_to == FingerprintsOf(ReceiversOf(agency, clock_.Now()));
}

// One file that cannot be read must not keep the others from those who need them. It is known only when part of it may be in the
// archive already, and pages before it name it: the archive is begun anew without it.
Result<vault::StoredObject> Packaging::Pack(DeliveryContent& content, int number, Instant now) {
  for (;;) {
    Builder builder(*this, content, number, now);
    Result<vault::StoredObject> packed = builder.Run();
    if (packed.ok() || !builder.unreadable()) return packed;
    ContentFileView& file = content.report.files[*builder.unreadable()];
    file.unreadable = true;
    file.entry.clear();
  }
}

Result<Package> Packaging::Build(DeliveryContent content, int number) {
  // Of this grant also when the clocks of two processes differ; else it would be made again for ever.
  const Instant now = std::max(clock_.Now(), content.delivery.granted_at);
  const vault::StoredObject object = PL_TRY(Pack(content, number, now));
  const auto unreadable = std::count_if(content.report.files.begin(), content.report.files.end(),
                                        [](const ContentFileView& file) { return file.unreadable; });
  const Package package{content.delivery.id,   number,        now,
                        object.reference,      object.digests.sha256, content.gates,
                        static_cast<int>(unreadable), FingerprintsOf(ReceiversOf(content.agency, now))};
  const auto store = [&](store::WriteTransaction& transaction) -> Result<Package> {
    std::optional<Delivery> delivery = PL_TRY(rows::LockDelivery(transaction, package.delivery));
    if (!delivery) return NoDelivery();
    if (delivery->granted_at != content.delivery.granted_at) return GrantedAnew();
    if (!PL_TRY(rows::InsertPackage(transaction, package))) {
      const std::optional<Package> other = PL_TRY(rows::NewestPackage(transaction, package.delivery));
      // Made by a process whose directory names others: it must not go out from here.
      if (other && other->encrypted_to != package.encrypted_to) return OtherReceivers();
      if (other) return *other;
    }
    if (delivery->state == DeliveryState::kMadeAvailable) {
      delivery->state = DeliveryState::kNotified;
      PL_TRY(rows::UpdateDelivery(transaction, *delivery));
    }
    Json detail = Json().Set("delivery", package.delivery.value).Set("package", number).Set("bytes", package.object.bytes);
    if (package.unreadable > 0) detail.Set("unreadable", package.unreadable);
    if (!package.encrypted_to.empty()) detail.Set("encrypted_to", package.encrypted_to);
    PL_TRY(rows::InsertHistory(transaction, package.delivery, {now, Happening::kPackaged, 0, detail.Serialize()}));
    audit::Entry entry;
    entry.action = "referrals.package.make";
    entry.subject_kind = "report";
    entry.subject = content.delivery.report.value;
    entry.after_digest = HexEncode(package.sha256);
    entry.detail = detail.Serialize();
    PL_TRY(audit::Record(transaction, auth::SystemCaller("referrals"), entry, now));
    return package;
  };
  return database_.Write(store);
}

Result<void> Packaging::Read(const Package& package, const std::function<Result<void>(std::string_view)>& sink) {
  return vault_.Read(package.object, sink);
}

}  // namespace porchlight::referrals
