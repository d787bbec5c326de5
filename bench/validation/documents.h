#pragma once

#include <string>
#include <vector>

#include "base/instant.h"

// Documents to check, as the synthetic room writes them.
namespace porchlight::bench {

enum class DocumentKind { kReport, kFileDetails };

struct DocumentSet {
  std::string name;
  DocumentKind kind = DocumentKind::kReport;
  std::vector<std::string> documents;
  std::size_t BytesMean() const;
};

// Reports: the smallest, those next to 5 KB, some of 100 KB put together from others, a mix as it arrives; then the
// documents about single files. Every time in them lies before `now`. The same seed gives the same documents.
std::vector<DocumentSet> MakeDocumentSets(std::uint64_t seed, Instant now);

}  // namespace porchlight::bench
