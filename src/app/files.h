#pragma once

#include <string>
#include <string_view>

#include "base/result.h"

namespace porchlight::app {

// Whole small files and folders, with errors that name the path and say what to do.
Result<std::string> ReadSmallFile(const std::string& path);
// Written aside, fsynced, renamed, folder fsynced; mode 0600.
Result<void> WriteSmallFile(const std::string& path, std::string_view content);
// Makes the folder and its parents, mode 0700.
Result<void> MakeFolder(const std::string& path);

}  // namespace porchlight::app
