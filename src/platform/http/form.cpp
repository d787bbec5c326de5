#include "platform/http/form.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace porchlight::http {

namespace {

constexpr std::size_t kBaseNameBytesMax = 255;

using Fields = std::map<std::string, std::string, std::less<>>;

Error FieldTooLarge(const FormLimits& limits) {
  return Error{ErrorCode::kTooLarge, "A form field is larger than " + std::to_string(limits.field_bytes_max) + " bytes.", {}, {}, 0};
}

Result<std::string> ReadUrlText(std::string_view raw) {
  std::string spaced(raw);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  std::optional<std::string> text = PercentDecode(spaced);
  if (!text) return Error{ErrorCode::kMalformed, "The form holds a percent sign without two hex digits.", {}, {}, 0};
  return *std::move(text);
}

Result<Fields> ParseMultipart(const Request& request, const FormLimits& limits) {
  std::string boundary = PL_TRY(MultipartReader::BoundaryOf(request.headers.Find("Content-Type").value_or("")));
  Fields fields;
  std::string name;
  std::string value;
  MultipartReader::Events events;
  events.begin = [&](const MultipartReader::Part& part) -> Result<void> {
    if (part.has_file_name) return Error{ErrorCode::kUnsupported, "This form takes no files.", {}, part.name, 0};
    name = part.name;
    value.clear();
    return {};
  };
  events.data = [&](std::string_view bytes) -> Result<void> {
    if (value.size() + bytes.size() > limits.field_bytes_max) return FieldTooLarge(limits);
    value.append(bytes);
    return {};
  };
  events.end = [&]() -> Result<void> {
    fields.emplace(std::move(name), std::move(value));
    return {};
  };
  MultipartReader reader(std::move(boundary), std::move(events), limits);
  PL_TRY(reader.Feed(request.body));
  PL_TRY(reader.Finish());
  return fields;
}

}  // namespace

std::string BaseName(std::string_view file_name) {
  const std::size_t slash = file_name.find_last_of("/\\");
  if (slash != std::string_view::npos) file_name.remove_prefix(slash + 1);
  std::string name;
  for (const char c : file_name) {
    if (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) name += c;
  }
  if (name.size() <= kBaseNameBytesMax) return name;
  std::size_t end = kBaseNameBytesMax;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  name.resize(end);
  return name;
}

Result<Fields> ParseUrlEncoded(std::string_view body, const FormLimits& limits) {
  Fields fields;
  std::size_t count = 0;
  for (const std::string_view field : Split(body, '&')) {
    if (field.empty()) continue;
    if (++count > limits.parts_max) {
      return Error{ErrorCode::kTooLarge, "The form has more than " + std::to_string(limits.parts_max) + " fields.", {}, {}, 0};
    }
    const std::size_t equals = field.find('=');
    std::string name = PL_TRY(ReadUrlText(field.substr(0, equals)));
    std::string value;
    if (equals != std::string_view::npos) value = PL_TRY(ReadUrlText(field.substr(equals + 1)));
    if (name.size() > limits.field_bytes_max || value.size() > limits.field_bytes_max) return FieldTooLarge(limits);
    fields.emplace(std::move(name), std::move(value));
  }
  return fields;
}

Result<Fields> ParseForm(const Request& request, const FormLimits& limits) {
  const std::string type = request.ContentType();
  if (type == "application/x-www-form-urlencoded") return ParseUrlEncoded(request.body, limits);
  if (type == "multipart/form-data") return ParseMultipart(request, limits);
  return Error{ErrorCode::kUnsupported, "The form must be sent as multipart/form-data or application/x-www-form-urlencoded.", {}, {}, 0};
}

}  // namespace porchlight::http
