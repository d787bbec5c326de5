#pragma once

#include <string>

#include "base/json.h"

// The data of delivered reports as a table that every program reads (RFC 4180): one row for each account, address, place, page and file,
// so that nobody types any of it again. Made of what the caller may see, and of nothing else. Pure.
namespace porchlight::referrals {

// Names of the columns: report, reported_by, received_at, preserve_until, urgent, incident_type, incident_at, datum, kind, party, value,
// more, at, port.
std::string ExportHead();
// Rows of one report; `report` is a ReportContentView as JSON. A report without any datum has one row all the same.
std::string ExportRows(const Json& report);

}  // namespace porchlight::referrals
