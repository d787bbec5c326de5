#include "app/console_http.h"

#include <array>
#include <utility>

#include "console_embedded.h"

namespace porchlight::app {
namespace {

// Scripts come from here alone. Styles: the component library sets style attributes, which the second directive
// allows without allowing inline scripts. Pictures: only our own and data: (the second-factor code).
constexpr std::string_view kContentPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

std::string_view ContentTypeOf(std::string_view name) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kTypes = {{
      {".html", "text/html; charset=utf-8"}, {".js", "text/javascript; charset=utf-8"}, {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"}, {".json", "application/json"}, {".woff2", "font/woff2"}, {".png", "image/png"},
      {".ico", "image/x-icon"}, {".webmanifest", "application/manifest+json"}, {".txt", "text/plain; charset=utf-8"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (name.ends_with(ending)) return type;
  }
  return "application/octet-stream";
}

http::Response FileResponse(std::string_view name, std::string_view content) {
  http::Response response;
  response.content_type = std::string(ContentTypeOf(name));
  response.body = std::string(content);
  // Built files carry a digest in their name, so they never change; the page that names them may.
  response.headers.Set("Cache-Control", name.starts_with("assets/") ? "public, max-age=31536000, immutable" : "no-cache");
  response.headers.Set("Content-Security-Policy", std::string(kContentPolicy));
  return response;
}

http::Response ServeConsole(std::string_view path) {
  const auto& files = embedded::console();
  const auto file = files.find(path);
  if (file != files.end()) return FileResponse(file->first, file->second);
  const auto page = files.find("index.html");
  if (page == files.end()) {
    return http::TextResponse(503, "The console is not part of this build: build web/ first (./run does), then configure again.\n");
  }
  if (path.starts_with("assets/")) return http::TextResponse(404, "There is no such file.\n");
  return FileResponse(page->first, page->second);  // Pages of the application itself are routed in the browser.
}

}  // namespace

std::vector<http::Route> ConsoleRoutes() {
  const auto open = [](std::string pattern, std::string name, http::Handler handler) {
    http::Route route;
    route.pattern = std::move(pattern);
    route.name = std::move(name);
    route.entrance = http::Entrance::kOpen;
    route.handler = std::move(handler);
    return route;
  };
  return {
      open("/", "app.front", [](const http::Request&, const auth::Caller&) { return http::RedirectTo("/report"); }),
      open("/console", "app.console", [](const http::Request&, const auth::Caller&) { return ServeConsole(""); }),
      open("/console/{rest*}", "app.console_file",
           [](const http::Request& request, const auth::Caller&) { return ServeConsole(request.PathValue("rest")); }),
  };
}

}  // namespace porchlight::app
