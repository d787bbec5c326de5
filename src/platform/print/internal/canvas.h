#pragma once

#include <cairo.h>
#include <pango/pangocairo.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "platform/print/print.h"

// Pango and cairo, as far as a page needs them. Lengths are points (1/72 inch), y grows downwards.
namespace porchlight::print {

struct FreeWithGlib {
  void operator()(void* object) const { g_object_unref(object); }
};

struct Style {
  double points = 10;
  bool bold = false;
};

struct Colour {
  double red = 0, green = 0, blue = 0;
};

// A text broken into lines of a width. Belongs to the canvas that made it.
struct Shaped {
  struct Line {
    PangoLayoutLine* line;  // Owned by its layout.
    double x, top, bottom, baseline;
  };
  std::vector<std::unique_ptr<PangoLayout, FreeWithGlib>> layouts;
  std::vector<Line> lines;

  double Height(std::size_t from, std::size_t to) const { return from == to ? 0 : lines[to - 1].bottom - lines[from].top; }
  // How far lines from `from` on fit into `room`.
  std::size_t Fit(std::size_t from, double room) const;
};

// One PDF on its way into a string. With `drawing` false it only measures.
class Canvas {
 public:
  Canvas(double width, double height, const DocumentOptions& options, bool drawing);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  Shaped Shape(const std::string& text, Style style, double width) const;
  Shaped ShapeOneLine(const std::string& text, Style style, double width) const;  // Cut off with an ellipsis.
  double NaturalWidth(const std::string& text, Style style) const;

  // Draws lines [from, to), the first one's top at y.
  void Lines(const Shaped& text, std::size_t from, std::size_t to, double x, double y, Colour colour);
  void Rule(double x, double y, double width, double thickness, Colour colour);
  void Frame(double x, double y, double width, double height, double thickness, Colour colour);
  // Structure for readers that speak; a tag that holds text begins and ends on one page.
  void Begin(const char* tag);
  void End(const char* tag);
  // A bookmark to this place; `parent` as answered by an earlier call, or 0.
  int Bookmark(int parent, const std::string& text, int page, double y);
  void ShowPage();
  Result<std::string> Finish();

 private:
  std::unique_ptr<PangoLayout, FreeWithGlib> Layout(std::string_view text, Style style) const;
  // The lines of a layout, below those that are there.
  static void AddLines(Shaped& shaped, std::unique_ptr<PangoLayout, FreeWithGlib> layout);

  const bool drawing_;
  std::string bytes_;
  cairo_surface_t* surface_;
  cairo_t* cairo_;
  PangoContext* context_;
};

}  // namespace porchlight::print
