#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "common/load_client.h"

// Everything the ingest benchmark sends, made before the clock starts, so that sending costs almost nothing.
namespace porchlight::bench {

struct Ready {
  std::string header;                  // Up to and including the empty line.
  std::string body;                    // Up to where the mark goes,
  std::string end;                     // and after it.
};

class Material {
 public:
  Material(const Address& address, std::string_view login, std::string_view password, std::size_t picture_bytes);

  // Each fills in one request; `turn` chooses among what was prepared. `unique` goes into a comment of the document and of
  // the picture, so that no two have the same bytes: a repeat is another way through the server.
  void Submit(std::uint64_t turn, std::uint64_t unique, WireRequest& request) const;
  void Upload(std::uint64_t turn, std::uint64_t unique, std::int64_t report_id, WireRequest& request) const;
  void Describe(std::uint64_t turn, std::int64_t report_id, std::string_view file_id, WireRequest& request) const;
  void Finish(std::int64_t report_id, WireRequest& request) const;

 private:
  std::string Header(std::string_view path, std::string_view content_type, std::size_t body_size) const;

  Address address_;
  std::string authorization_;
  std::vector<Ready> reports_;
  std::vector<std::string> details_;   // With places for the two ids.
  std::vector<std::string> pictures_;
  std::size_t mark_at_ = 0;            // Of the comment's number, the same in every picture.
};

}  // namespace porchlight::bench
