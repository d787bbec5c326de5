#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/instant.h"
#include "tipline/internal/schema_table.h"
#include "tipline/wire.h"

// Documents for tests of the wire, made from the schema's own table so that no element is forgotten. Synthetic words only.
namespace porchlight::tipline::testing {

std::string ReadSourceFile(const std::string& path);           // Relative to the checkout.
const std::vector<internal::SchemaRow>& WireRows();
const wire::Reader& WireReader();                              // With the limits of production.
Instant SampleNow();                                           // 2026-11-23T12:00:00Z, after every time in the samples.

// Replaces what stands for one declaration (an element with its tags, or an attribute with its name); nothing keeps it.
// Called for every place where the declaration is used.
using Patch = std::function<std::optional<std::string>(const internal::SchemaRow& row)>;

// A document with every element and attribute below the root. Of a choice that repeats, each alternative; of any other,
// the one numbered `alternative` (from 0).
std::string FullDocument(const std::string& root, const Patch& patch = nullptr, std::size_t alternative = 0);

// Puts a value where the declaration stands, in the declaration's own tags.
Patch WithValue(const std::string& parent, const std::string& name, const std::string& value);

// The shortest accepted documents; `platform` is put in as it is.
std::string MinimalReport(const std::string& platform = "Example Chat");
std::string MinimalFile(const std::string& after_file_id = "");

}  // namespace porchlight::tipline::testing
