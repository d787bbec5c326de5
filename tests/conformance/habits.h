#pragma once

#include <cstdint>
#include <ostream>
#include <string>
#include <vector>

// What the public client libraries of the reporting API put on the wire, as data: written from facts about them, none of
// their text. Each habit is one library in its usual runtime.
namespace porchlight::tests {

enum class FormEncoding : std::uint8_t { kUrlencoded, kMultipart };
enum class Connections : std::uint8_t { kKept, kOnePerCall };

// In heads {host}, {authorization}, {type}, {length} and {expect} are filled in; a line whose value is empty is left out,
// as these clients do. In documents {report} and {file}, in the file's part {bytes}.
struct Habit {
  std::string name{};
  std::string base = "/ispws";          // The configured address up to where the path of a call is appended.
  std::string tail{};                   // What stands behind the path of a call.
  std::string document_type{};
  std::string document_head{};          // Order and spelling of the header of GETs and of calls with a document.
  std::string form_head{};
  std::string upload_head{};            // Empty: form_head.
  FormEncoding form = FormEncoding::kUrlencoded;
  std::string form_boundary{};          // Empty: upload_boundary.
  std::string upload_boundary{};
  std::string id_part_more{};           // Header lines of the id's part after Content-Disposition.
  std::string file_part{};              // The file part's header after `name="file"; `.
  std::string file_name{};              // What is left of the name in `file_part`.
  bool chunked_upload = false;
  bool reads_schema = false;            // GET /xsd before it submits.
  Connections connections = Connections::kKept;
  std::string report{};                 // The document of /submit.
  std::string details{};                // The document of /fileinfo.
};
std::vector<Habit> AllHabits();
Habit HabitOf(const std::string& name);
// How GoogleTest names a client.
inline void PrintTo(const Habit& habit, std::ostream* out) { *out << habit.name; }

// A request as a client writes it: the head, then the body piece by piece.
struct WireRequest {
  std::string head;
  std::vector<std::string> body;
  std::string Bytes() const;
};

// Where requests go and who sends them.
struct Sender {
  std::string host;
  std::string authorization;
};
WireRequest GetOf(const Habit& habit, const Sender& sender, const std::string& target);
WireRequest DocumentOf(const Habit& habit, const Sender& sender, const std::string& call, const std::string& document);
WireRequest IdFormOf(const Habit& habit, const Sender& sender, const std::string& call, const std::string& id);
WireRequest UploadOf(const Habit& habit, const Sender& sender, const std::string& id, const std::string& bytes);

// `text` with every {name} replaced.
std::string Filled(std::string text, const std::string& name, const std::string& value);

}  // namespace porchlight::tests
