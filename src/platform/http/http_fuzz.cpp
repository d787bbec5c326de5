// Goal: no bytes from the network crash the request parser, and how they are cut into pieces changes nothing.
// Method: the input is read whole and in pieces whose sizes it names itself; both readings must agree.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/check.h"
#include "platform/http/internal/request_parser.h"

namespace {

using porchlight::Result;
using namespace porchlight::http;
using namespace porchlight::http::internal;

// Everything the parser understood, until the first refusal.
std::string ReadAll(std::string_view bytes, std::size_t piece, std::size_t space) {
  std::string seen;
  std::string input;
  std::size_t given = 0;
  HeadFinder finder(4096);
  ParsedHead parsed;
  BodyDecoder decoder;
  bool in_body = false;
  while (true) {
    bool stuck = true;
    if (!in_body) {
      input.erase(0, LeadingEmptyLines(input));
      const std::optional<std::size_t> size = finder.Find(input);
      if (finder.refusal()) return seen + "!head";
      if (size) {
        parsed = {};
        const auto refusal = ParseHead(std::string_view(input).substr(0, *size), parsed);
        if (refusal) return seen + "!" + std::to_string(refusal->status);
        seen += parsed.head.path + "\n";
        decoder.Begin(parsed);
        input.erase(0, *size);
        finder.Reset();
        in_body = true;
        stuck = false;
      }
    } else {
      std::string out;
      const Result<std::size_t> used = decoder.Feed(input, space, out);
      if (!used.ok()) return seen + "!body";
      PL_CHECK(out.size() <= space && *used <= input.size());
      input.erase(0, *used);
      seen += out;
      stuck = *used == 0;
      if (decoder.done()) {
        in_body = false;
        seen += "|";
        stuck = false;
      }
    }
    if (!stuck) continue;
    if (given >= bytes.size()) return seen;
    input.append(bytes.substr(given, piece));
    given += piece;
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::string whole = ReadAll(bytes, size, 1 << 20);
  const std::string pieces = ReadAll(bytes, data[0] % 64 + 1, data[1] + 1U);
  // A refusal may be seen before or after the body bytes in front of it, and with another limit reached first.
  if (whole.find('!') == std::string::npos) PL_CHECK(whole == pieces);
  return 0;
}
