// One picture's decoder, started by the server for each file; of no use by hand.
#include <sys/socket.h>

#include <cstdio>

#include "platform/media/internal/serve.h"

int main() {
  int kind = 0;
  socklen_t size = sizeof(kind);
  if (getsockopt(0, SOL_SOCKET, SO_TYPE, &kind, &size) != 0) {
    std::fputs("porchlight_media_worker is started by porchlight, with a socket as its standard input.\n", stderr);
    return porchlight::media::kExitNoRequest;
  }
  porchlight::media::ServeOne({porchlight::media::ExaminePicture, porchlight::media::PreviewPicture});
}
