#include "tests/conformance/habits.h"

#include <cstdio>

#include "base/check.h"
#include "base/text.h"

namespace porchlight::tests {

namespace {

constexpr std::size_t kExpectOverBytes = 1024 * 1024;   // Where libcurl begins to ask before it sends.
constexpr std::size_t kStreamPieceBytes = 64 * 1024;    // How much of a file a stream hands on at a time.
constexpr const char* kXmlType = "text/xml; charset=utf-8";

// All who send the attribute name the published service's schema, whoever they report to.
const std::string kRootAttributes =
    R"( xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://report.cybertip.org/ispws/xsd")";

Habit Go() {
  Habit habit;
  habit.name = "GO";
  habit.document_type = kXmlType;
  habit.document_head = "Host: {host}\nUser-Agent: Go-http-client/1.1\nContent-Length: {length}\nAuthorization: {authorization}\n"
                        "Content-Type: {type}\nAccept-Encoding: gzip\n";
  habit.form_head = habit.document_head;
  habit.upload_boundary = "3b9f0c6e5d1a4872b06c9e2f7a518d34c0e6b7f29a1d5384e7c60b2f9d18";
  habit.file_part = R"(filename="quay \"north\" é.bin"
Content-Type: application/octet-stream)";
  habit.file_name = "quay \"north\" é.bin";
  // The time is the sender's "now", to the nanosecond.
  habit.report =
      "<report><batchedReport reason=\"VIRAL_POTENTIAL_MEME\"></batchedReport><incidentSummary>"
      "<incidentType>Misleading Domain Name</incidentType>"
      "<reportAnnotations><spam>true</spam></reportAnnotations><incidentDateTime>2026-03-02T10:00:00.000000000Z</incidentDateTime>"
      "</incidentSummary><internetDetails><webPageIncident><url>lanternchat.example/7</url></webPageIncident></internetDetails>"
      "<internetDetails><cellPhoneIncident><latitude>-123.456</latitude><longitude>123.456</longitude></cellPhoneIncident>"
      "</internetDetails><reporter><reportingPerson><firstName>Rowan</firstName>"
      "<lastName>Ashdown</lastName></reportingPerson></reporter></report>";
  habit.details =
      "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId><fileName>quay.bin</fileName>"
      "<uploadedToEspTimestamp>2026-03-01T23:58:00.049389375Z</uploadedToEspTimestamp><fileViewedByEsp>true</fileViewedByEsp>"
      "<fileAnnotations><potentialMeme>true</potentialMeme><viral>true</viral></fileAnnotations></fileDetails>";
  return habit;
}

Habit TypeScript() {
  Habit habit;
  habit.name = "TS";
  habit.base = "/ispws/";
  habit.document_type = "text/plain;charset=UTF-8";   // It names no type, so its runtime does.
  habit.document_head = "host: {host}\nconnection: keep-alive\nAuthorization: {authorization}\ncontent-type: {type}\naccept: */*\n"
                        "accept-language: *\nsec-fetch-mode: cors\nuser-agent: node\naccept-encoding: gzip, deflate\n"
                        "content-length: {length}\n";
  habit.form_head = habit.document_head;
  habit.form = FormEncoding::kMultipart;
  habit.upload_boundary = "----formdata-undici-083640195527";
  habit.file_part = R"(filename="quay %22north%22 é.txt"
Content-Type: text/plain)";
  habit.file_name = "quay \"north\" é.txt";
  habit.report = R"(<?xml version="1.0" encoding="UTF-8"?><report)" + kRootAttributes +
                 "><incidentSummary><incidentType>Misleading Domain Name</incidentType><reportAnnotations/>"
                 "<incidentDateTime>2026-03-01T09:15:00.250Z</incidentDateTime></incidentSummary><reporter><reportingPerson>"
                 "<firstName>Mika</firstName><email verified=\"true\">mika@lanternchat.example</email></reportingPerson></reporter>"
                 "</report>";
  habit.details = R"(<?xml version="1.0" encoding="UTF-8"?><fileDetails)" + kRootAttributes +
                  "><reportId>{report}</reportId><fileId>{file}</fileId><publiclyAvailable>false</publiclyAvailable><fileAnnotations/>"
                  "<originalFileHash hashType=\"MD5\">5d41402abc4b2a76b9719d911017c592</originalFileHash></fileDetails>";
  return habit;
}

Habit Python() {
  const std::string start =
      "Host: {host}\nAccept: */*\nAccept-Encoding: gzip, deflate\nConnection: keep-alive\nUser-Agent: python-httpx/0.27.0\n";
  Habit habit;
  habit.name = "PY";
  habit.document_type = kXmlType;
  habit.document_head = start + "Content-Type: {type}\nContent-Length: {length}\nAuthorization: {authorization}\n";
  habit.form_head = start + "Content-Length: {length}\nContent-Type: {type}\nAuthorization: {authorization}\n";
  habit.upload_boundary = "6c1f8e0b7d2a95431e7fb6c05a98d24b";
  habit.file_part = R"(filename="quay %22é.txt"
Content-Type: text/plain)";
  habit.file_name = "quay \"é.txt";
  habit.report =
      "<?xml version='1.0' encoding='utf-8'?>\n<report><incidentSummary><incidentType>Misleading Domain Name</incidentType>"
      "<reportAnnotations><spam/><informational/></reportAnnotations><incidentDateTime>2026-03-02T11:50:10.479444+02:00"
      "</incidentDateTime></incidentSummary><reporter><reportingPerson>"
      "<firstName>Zoë &amp; &lt;Ülo&gt; 世</firstName><email>zoe@lanternchat.example</email>"
      "<age>33</age><ageAssertionDiscrepancy>false</ageAssertionDiscrepancy></reportingPerson></reporter></report>";
  habit.details = "<?xml version='1.0' encoding='utf-8'?>\n<fileDetails><reportId>{report}</reportId>"
                  "<fileId>{file}</fileId></fileDetails>";
  return habit;
}

Habit GoWithIndent() {
  Habit habit = Go();   // The same runtime, hence the same form writer.
  habit.name = "LW";
  habit.base = "/ispws/";
  habit.document_head = "Host: {host}\nUser-Agent: Example-Reporter/dev (linux; amd64)\nContent-Length: {length}\n"
                        "Authorization: {authorization}\nContent-Type: {type}\nAccept-Encoding: gzip\n";
  habit.form_head = habit.document_head;
  habit.upload_boundary = "f07d3c58a91e64b2d05f8c7e3a1b6942e8d7f05c3b9a2e614d80c7f5a3b1";
  habit.file_part = "filename=\"tide-table.txt\"\nContent-Type: application/octet-stream";
  habit.file_name = "tide-table.txt";
  habit.reads_schema = true;
  habit.report = R"(<?xml version="1.0" encoding="UTF-8"?>
<report)" + kRootAttributes + R"(>
    <incidentSummary>
        <incidentType>Misleading Domain Name</incidentType>
        <reportAnnotations>
            <spam></spam>
        </reportAnnotations>
        <incidentDateTime>2026-03-02T04:30:00.937043018-05:00</incidentDateTime>
    </incidentSummary>
    <internetDetails>
        <webPageIncident>
            <url>http://lanternchat.example/rooms/9</url>
        </webPageIncident>
    </internetDetails>
    <reporter>
        <reportingPerson>
            <firstName>Imre</firstName>
        </reportingPerson>
    </reporter>
</report>)";
  habit.details = R"(<?xml version="1.0" encoding="UTF-8"?>
<fileDetails)" + kRootAttributes + R"(>
    <reportId>{report}</reportId>
    <fileId>{file}</fileId>
    <ipCaptureEvent>
        <ipAddress>192.0.2.44</ipAddress>
        <eventName>Upload</eventName>
        <dateTime>2026-03-01T22:10:33.937043849Z</dateTime>
    </ipCaptureEvent>
</fileDetails>)";
  return habit;
}

Habit Ruby() {
  Habit habit;
  habit.name = "RB";
  habit.base = "/ispws/";
  habit.document_type = kXmlType;
  habit.document_head = "Host: {host}\nAccept: */*\nUser-Agent: Faraday v1.10.3\nContent-Type: {type}\nAuthorization: {authorization}\n"
                        "Content-Length: {length}\nExpect: {expect}\n";
  habit.form_head = "Host: {host}\nAccept: */*\nUser-Agent: Faraday v1.10.3\nAuthorization: {authorization}\nContent-Length: {length}\n"
                    "Content-Type: {type}\nExpect: {expect}\n";
  habit.upload_boundary = "------------------------a51c0f97be3d2648";
  habit.file_part = "filename=\"harbour.jpg\"\nContent-Type: image/jpeg";   // Guessed from the name, not from the bytes.
  habit.file_name = "harbour.jpg";
  habit.report = R"(<?xml version="1.0" encoding="UTF-8"?><report)" + kRootAttributes +
                 "><incidentSummary><incidentType>Misleading Domain Name</incidentType><incidentDateTime>2012-10-15T09:00:00-06:00"
                 "</incidentDateTime></incidentSummary><reporter><reportingPerson><firstName>Noor</firstName>"
                 "<email>noor@lanternchat.example</email></reportingPerson></reporter></report>";
  habit.details = R"(<?xml version="1.0" encoding="UTF-8"?>
<fileDetails)" + kRootAttributes + R"(>
  <reportId>{report}</reportId>
  <fileId>{file}</fileId>
  <details>
    <nameValuePair>
      <name>Camera</name>
      <value>none</value>
    </nameValuePair>
  </details>
</fileDetails>
)";
  return habit;
}

Habit Php() {
  Habit habit;
  habit.name = "PHP";
  habit.base = "/ispws/";
  habit.document_type = kXmlType;
  habit.document_head =
      "Host: {host}\nAuthorization: {authorization}\nAccept: */*\nContent-Type: {type}\nContent-Length: {length}\nExpect: {expect}\n";
  habit.form_head =
      "Host: {host}\nAuthorization: {authorization}\nAccept: */*\nContent-Length: {length}\nContent-Type: {type}\nExpect: {expect}\n";
  habit.form = FormEncoding::kMultipart;
  habit.form_boundary = "------------------------529b08f4d6e7310c";
  habit.upload_boundary = "------------------------e35c7a4410d8f629";
  habit.file_part = "filename=\"/var/tmp/board/att4Qb9Za\"\nContent-Type: application/octet-stream";
  habit.file_name = "att4Qb9Za";
  habit.reads_schema = true;
  habit.connections = Connections::kOnePerCall;
  habit.report = R"(<?xml version="1.0" encoding="UTF-8"?>
<report)" + kRootAttributes +
                 "><incidentSummary><incidentType>Misleading Domain Name</incidentType><platform>Lantern &amp; Board</platform>"
                 "<reportAnnotations><spam/><sadisticOnlineExploitation/></reportAnnotations><incidentDateTime>2026-03-02T08:00:00+00:00"
                 "</incidentDateTime></incidentSummary><internetDetails><webPageIncident><url>https://board.example/?a=1&amp;b=2</url>"
                 "</webPageIncident></internetDetails><reporter><reportingPerson><lastName>Öst &amp; Kaj</lastName></reportingPerson>"
                 "</reporter></report>\n";
  habit.details = R"(<?xml version="1.0" encoding="UTF-8"?>
<fileDetails)" + kRootAttributes +
                  "><reportId>{report}</reportId><fileId>{file}</fileId><originalFileName>låda &amp; lås.bin</originalFileName>"
                  "<fileRelevance>Reported</fileRelevance></fileDetails>\n";
  return habit;
}

Habit Coop() {
  const std::string end = "accept: */*\naccept-language: *\nsec-fetch-mode: cors\nuser-agent: undici\naccept-encoding: gzip, deflate\n";
  Habit habit;
  habit.name = "COOP";
  habit.document_type = "text/xml";
  habit.document_head =
      "host: {host}\nconnection: keep-alive\nContent-Type: {type}\nAuthorization: {authorization}\n" + end + "content-length: {length}\n";
  habit.form_head =
      "host: {host}\nconnection: keep-alive\nAuthorization: {authorization}\ncontent-type: {type}\n" + end + "content-length: {length}\n";
  habit.upload_head =
      "host: {host}\nconnection: keep-alive\nAuthorization: {authorization}\nContent-Type: {type}\n" + end + "transfer-encoding: chunked\n";
  habit.form = FormEncoding::kMultipart;
  habit.form_boundary = "----formdata-undici-008293640917";
  habit.upload_boundary = "form-data-encoder-k2vq7mz04hdx9bwe";
  habit.file_part = "filename=\"blob\"\nContent-Type: application/octet-stream";
  habit.file_name = "blob";
  habit.chunked_upload = true;
  habit.report =
      "<report><incidentSummary><incidentType>Misleading Domain Name</incidentType><escalateToHighPriority>soon"
      "</escalateToHighPriority><incidentDateTime>2026-03-02T09:59:59.000Z</incidentDateTime>"
      "</incidentSummary><internetDetails><webPageIncident/>"
      "</internetDetails><internetDetails><chatImIncident/></internetDetails><reporter><reportingPerson>"
      "<email>desk@lanternchat.example</email></reportingPerson><companyTemplate>Lantern &amp; Co &lt;test&gt;</companyTemplate></reporter>"
      "<personOrUserReported><espIdentifier>user-4711</espIdentifier><screenName/>"
      "<ipCaptureEvent><ipAddress>192.0.2.9</ipAddress><eventName>Login</eventName></ipCaptureEvent></personOrUserReported>"
      "<additionalInfo>notes &amp; more</additionalInfo></report>";
  habit.details =
      "<fileDetails><reportId>{report}</reportId><fileId>{file}</fileId><fileViewedByEsp>true</fileViewedByEsp>"
      "<fileRelevance>Supplemental Reported</fileRelevance><additionalInfo/></fileDetails>";
  return habit;
}

// Known from its text alone: header and form are those of its runtime and framework.
Habit Java() {
  Habit habit;
  habit.name = "JAVA";
  habit.document_type = kXmlType;
  habit.document_head = "Accept: application/xml, text/xml, application/*+xml\nContent-Type: {type}\nAuthorization: {authorization}\n"
                        "User-Agent: Java/17.0.9\nHost: {host}\nConnection: keep-alive\nContent-Length: {length}\n";
  habit.form_head = habit.document_head;
  habit.form = FormEncoding::kMultipart;
  habit.upload_boundary = "Zt4_kQ9-vB2xLmR7sWc0HnYp5dGjE1aUf";
  habit.id_part_more = "\r\nContent-Type: text/plain;charset=UTF-8\r\nContent-Length: {bytes}";
  habit.file_part = "filename=\"tides.txt\"\nContent-Type: text/plain\nContent-Length: {bytes}";
  habit.file_name = "tides.txt";
  habit.report = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<report>
    <incidentSummary>
        <incidentType>Misleading Domain Name</incidentType>
        <reportAnnotations>
            <spam>true</spam>
        </reportAnnotations>
        <incidentDateTime>2026-03-01T22:10:05.031+00:00</incidentDateTime>
    </incidentSummary>
    <reporter>
        <reportingPerson>
            <email>ops@lanternchat.example</email>
        </reportingPerson>
    </reporter>
</report>
)";
  habit.details = R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<fileDetails>
    <reportId>{report}</reportId>
    <fileId>{file}</fileId>
    <fileViewedByEsp>false</fileViewedByEsp>
    <publiclyAvailable>true</publiclyAvailable>
</fileDetails>
)";
  return habit;
}

std::string HeadOf(const std::string& request_line, const std::string& head, const Sender& sender, const std::string& type,
                   const std::string& length) {
  const std::size_t bytes = length.empty() ? 0 : std::stoul(length);
  std::string filled = Filled(Filled(head, "host", sender.host), "authorization", sender.authorization);
  filled = Filled(Filled(filled, "type", type), "length", length);
  filled = Filled(filled, "expect", bytes > kExpectOverBytes ? "100-continue" : "");
  std::string out = request_line + " HTTP/1.1\r\n";
  for (const std::string_view line : Split(filled, '\n')) {
    if (!line.empty() && !line.ends_with(": ")) out.append(line).append("\r\n");
  }
  return out + "\r\n";
}

std::string IdPart(const Habit& habit, const std::string& boundary, const std::string& id) {
  return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"id\"" +
         Filled(habit.id_part_more, "bytes", std::to_string(id.size())) + "\r\n\r\n";
}

std::string Chunk(const std::string& bytes) {
  char size[20];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + bytes + "\r\n";
}

}  // namespace

std::vector<Habit> AllHabits() { return {Go(), TypeScript(), Python(), GoWithIndent(), Ruby(), Php(), Coop(), Java()}; }

Habit HabitOf(const std::string& name) {
  for (const Habit& habit : AllHabits()) {
    if (habit.name == name) return habit;
  }
  PL_CHECK(false);
}

std::string WireRequest::Bytes() const {
  std::string bytes = head;
  for (const std::string& piece : body) bytes += piece;
  return bytes;
}

std::string Filled(std::string text, const std::string& name, const std::string& value) {
  const std::string mark = "{" + name + "}";
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + value.size())) {
    text.replace(at, mark.size(), value);
  }
  return text;
}

WireRequest GetOf(const Habit& habit, const Sender& sender, const std::string& target) {
  return {HeadOf("GET " + target, habit.document_head, sender, "", ""), {}};
}

WireRequest DocumentOf(const Habit& habit, const Sender& sender, const std::string& call, const std::string& document) {
  const std::string line = "POST " + habit.base + call + habit.tail;
  return {HeadOf(line, habit.document_head, sender, habit.document_type, std::to_string(document.size())), {document}};
}

WireRequest IdFormOf(const Habit& habit, const Sender& sender, const std::string& call, const std::string& id) {
  const std::string& boundary = habit.form_boundary.empty() ? habit.upload_boundary : habit.form_boundary;
  const bool multipart = habit.form == FormEncoding::kMultipart;
  const std::string body = multipart ? IdPart(habit, boundary, id) + id + "\r\n--" + boundary + "--\r\n" : "id=" + id;
  const std::string type = multipart ? "multipart/form-data; boundary=" + boundary : "application/x-www-form-urlencoded";
  const std::string line = "POST " + habit.base + call + habit.tail;
  return {HeadOf(line, habit.form_head, sender, type, std::to_string(body.size())), {body}};
}

WireRequest UploadOf(const Habit& habit, const Sender& sender, const std::string& id, const std::string& bytes) {
  const std::string& boundary = habit.upload_boundary;
  std::string header = Filled(habit.file_part, "bytes", std::to_string(bytes.size()));
  for (std::size_t at = header.find('\n'); at != std::string::npos; at = header.find('\n', at + 2)) header.insert(at, "\r");
  std::vector<std::string> pieces = {IdPart(habit, boundary, id), id, "\r\n",
                                     "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; " + header + "\r\n\r\n"};
  for (std::size_t at = 0; at < bytes.size(); at += kStreamPieceBytes) pieces.push_back(bytes.substr(at, kStreamPieceBytes));
  pieces.push_back("\r\n");
  // The stream encoder ends with an empty line more.
  pieces.push_back("--" + boundary + (habit.chunked_upload ? "--\r\n\r\n" : "--\r\n"));
  std::size_t length = 0;
  for (const std::string& piece : pieces) length += piece.size();
  if (habit.chunked_upload) {
    for (std::string& piece : pieces) piece = Chunk(piece);
    pieces.push_back("0\r\n\r\n");
  }
  const std::string& head = habit.upload_head.empty() ? habit.form_head : habit.upload_head;
  const std::string line = "POST " + habit.base + "/upload" + habit.tail;
  return {HeadOf(line, head, sender, "multipart/form-data; boundary=" + boundary, std::to_string(length)), pieces};
}

}  // namespace porchlight::tests
