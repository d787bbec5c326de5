#include "ingest/material.h"

#include <array>
#include <cstdio>

#include "base/check.h"
#include "base/clock.h"
#include "base/text.h"
#include "synthetic/mix.h"
#include "synthetic/pictures.h"
#include "synthetic/report_writer.h"

namespace porchlight::bench {
namespace {

constexpr std::size_t kReports = 512;
constexpr std::size_t kPictures = 32;
constexpr std::string_view kBoundary = "----porchlightbench5e1c0a97";
constexpr std::string_view kXml = "text/xml; charset=utf-8";
constexpr std::int64_t kReportPlace = 909090909090909;
constexpr std::string_view kFilePlace = "a0a0a0a0placeoffileid0a0a0a0a0a0";
// The number in a picture's comment has this many digits, so that any other can be written over it.
constexpr std::uint64_t kMarkFirst = 1'000'000'000'000'000'000U;
constexpr std::size_t kMarkDigits = 19;

std::string Replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  out.reserve(text.size() + 64);
  std::size_t from = 0;
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, from)) {
    out.append(text.substr(from, at - from)).append(with);
    from = at + what.size();
  }
  return out.append(text.substr(from));
}

std::string Mark(std::uint64_t unique) {
  std::array<char, 32> mark{};
  std::snprintf(mark.data(), mark.size(), "%019llu", static_cast<unsigned long long>(unique % (10 * kMarkFirst)));
  return std::string(mark.data(), kMarkDigits);
}

}  // namespace

Material::Material(const Address& address, std::string_view login, std::string_view password, std::size_t picture_bytes)
    : address_(address),
      authorization_("Basic " + Base64Encode(std::string(login) + ":" + std::string(password))) {
  const synthetic::PlanMaker plans(synthetic::Mix::kFaithful, 20220101);
  const synthetic::Moment moment{SystemClock().Now(), {}};
  for (std::uint64_t number = 0; reports_.size() < kReports; ++number) {
    synthetic::Plan plan = plans.ProviderPlanOf(number);
    plan.files.assign(1, synthetic::FileKind::kImage);
    std::string body = synthetic::WriteReport(plan, moment);
    const std::size_t end = body.rfind("</report>");
    PL_CHECK(end != std::string::npos);
    std::string header = Header("/submit", kXml, body.size() + kMarkDigits + 7);
    reports_.push_back({std::move(header), body.substr(0, end), body.substr(end)});
    const synthetic::SyntheticFile file{synthetic::FileKind::kImage, "IMG_0001.jpg", "image/jpeg", "stand-in"};
    details_.push_back(WriteFileDetails(plan, {kReportPlace, std::string(kFilePlace), 0}, file, moment));
  }
  for (std::size_t index = 0; picture_bytes > 0 && index < kPictures; ++index) {
    synthetic::PictureOptions options;
    options.seed = kMarkFirst + index;
    options.bytes_target = picture_bytes;
    pictures_.push_back(MakePicture(options));
    mark_at_ = pictures_.back().find(std::to_string(options.seed));
    PL_CHECK(mark_at_ != std::string::npos);
  }
}

std::string Material::Header(std::string_view path, std::string_view content_type, std::size_t body_size) const {
  std::string header = "POST " + address_.path + "/ispws" + std::string(path) + " HTTP/1.1\r\nHost: " + address_.host;
  header += "\r\nAuthorization: " + authorization_;
  header += "\r\nContent-Type: " + std::string(content_type);
  header += "\r\nContent-Length: " + std::to_string(body_size) + "\r\n\r\n";
  return header;
}

void Material::Submit(std::uint64_t turn, std::uint64_t unique, WireRequest& request) const {
  const Ready& ready = reports_[turn % reports_.size()];
  request.owned = "<!--" + Mark(unique) + "-->";
  request.pieces = {ready.header, ready.body, request.owned, ready.end};
}

void Material::Upload(std::uint64_t turn, std::uint64_t unique, std::int64_t report_id, WireRequest& request) const {
  static constexpr std::string_view kTail = "\r\n------porchlightbench5e1c0a97--\r\n";
  const std::string_view picture = pictures_[turn % pictures_.size()];
  std::string head = "--" + std::string(kBoundary) + "\r\nContent-Disposition: form-data; name=\"id\"\r\n\r\n" +
                     std::to_string(report_id) + "\r\n--" + std::string(kBoundary) +
                     "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"IMG_0001.jpg\"\r\n"
                     "Content-Type: image/jpeg\r\n\r\n";
  const std::string header = Header("/upload", "multipart/form-data; boundary=" + std::string(kBoundary),
                                    head.size() + picture.size() + kTail.size());
  request.owned = header + head + std::string(picture.substr(0, mark_at_)) + Mark(unique);
  request.pieces = {request.owned, picture.substr(mark_at_ + kMarkDigits), kTail};
}

void Material::Describe(std::uint64_t turn, std::int64_t report_id, std::string_view file_id,
                        WireRequest& request) const {
  const std::string body = Replaced(Replaced(details_[turn % details_.size()], kFilePlace, file_id),
                                    std::to_string(kReportPlace), std::to_string(report_id));
  request.owned = Header("/fileinfo", kXml, body.size()) + body;
  request.pieces = {request.owned};
}

void Material::Finish(std::int64_t report_id, WireRequest& request) const {
  const std::string body = "id=" + std::to_string(report_id);
  request.owned = Header("/finish", "application/x-www-form-urlencoded", body.size()) + body;
  request.pieces = {request.owned};
}

}  // namespace porchlight::bench
