#pragma once

#include <string>

#include "platform/media/media.h"

namespace porchlight::media {

// The picture as a PNG file (8-bit grey, nothing but its pixels), written from bare samples: nothing is decoded here.
std::string WriteGreyPng(const GreyPicture& picture);

}  // namespace porchlight::media
