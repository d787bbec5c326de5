#pragma once

#include <cstdint>
#include <string>

#include "base/json.h"

// The data of delivered reports as a table that every program reads (RFC 4180): one row for each account, address, place, page and file,
// so that nobody types any of it again. Made of what the caller may see, and of nothing else. Pure.
namespace porchlight::referrals {

// Names of the columns: report, reported_by, received_at, preserve_until, urgent, incident_type, incident_at, datum, kind, party, value,
// more, at, port. Begins with a byte order mark, by which spreadsheets know UTF-8; a value that one would take for a formula (a telephone
// number with "+") is led by an apostrophe: programs take the JSON.
std::string ExportHead();
// Rows of one report; `report` is a ReportContentView as JSON. A report without any datum has one row all the same.
std::string ExportRows(const Json& report);
// One row that says so: of a report on which a legal hold stands nothing else is given.
std::string ExportHeld(std::int64_t report);

}  // namespace porchlight::referrals
