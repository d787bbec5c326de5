#include "platform/print/internal/canvas.h"

#include <cairo-pdf.h>

#include <cmath>

#include "platform/print/internal/plain_text.h"

namespace porchlight::print {

namespace {

// Noto Sans has most scripts; DejaVu is what small systems have. Fontconfig adds whatever else is installed.
constexpr const char* kFamilies = "Noto Sans, DejaVu Sans, sans-serif";

cairo_status_t Append(void* closure, const unsigned char* data, unsigned int length) {
  static_cast<std::string*>(closure)->append(reinterpret_cast<const char*>(data), length);
  return CAIRO_STATUS_SUCCESS;
}

double Points(int pango_units) { return static_cast<double>(pango_units) / PANGO_SCALE; }

std::string Seconds(Instant instant) {
  const std::int64_t rest = instant.microseconds % 1'000'000;
  return FormatInstant({instant.microseconds - (rest < 0 ? rest + 1'000'000 : rest)});
}

}  // namespace

std::size_t Shaped::Fit(std::size_t from, double room) const {
  std::size_t to = from;
  while (to < lines.size() && lines[to].bottom - lines[from].top <= room) ++to;
  return to;
}

Canvas::Canvas(double width, double height, const DocumentOptions& options, bool drawing) : drawing_(drawing) {
  surface_ = cairo_pdf_surface_create_for_stream(Append, &bytes_, width, height);
  cairo_pdf_surface_restrict_to_version(surface_, CAIRO_PDF_VERSION_1_5);
  cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_TITLE, PlainText(options.title, Breaks::kAsSpaces).c_str());
  cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATOR, "Porchlight");
  cairo_pdf_surface_set_metadata(surface_, CAIRO_PDF_METADATA_CREATE_DATE, Seconds(options.created).c_str());
  cairo_ = cairo_create(surface_);
  context_ = pango_cairo_create_context(cairo_);
  pango_cairo_context_set_resolution(context_, 72);
  pango_context_set_round_glyph_positions(context_, FALSE);
  pango_context_set_language(context_, pango_language_from_string(options.language.c_str()));
  cairo_font_options_t* const fonts = cairo_font_options_create();
  cairo_font_options_set_hint_style(fonts, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(fonts, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(context_, fonts);
  cairo_font_options_destroy(fonts);
}

Canvas::~Canvas() {
  g_object_unref(context_);
  cairo_destroy(cairo_);
  cairo_surface_destroy(surface_);
}

std::unique_ptr<PangoLayout, FreeWithGlib> Canvas::Layout(const std::string& text, Style style) const {
  std::unique_ptr<PangoLayout, FreeWithGlib> layout(pango_layout_new(context_));
  PangoFontDescription* const font = pango_font_description_new();
  pango_font_description_set_family_static(font, kFamilies);
  pango_font_description_set_size(font, static_cast<int>(std::lround(style.points * PANGO_SCALE)));
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font);
  pango_font_description_free(font);
  // A hyphen that is not in the text would change a digest, an address or a name.
  PangoAttrList* const attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
  pango_layout_set_attributes(layout.get(), attributes);
  pango_attr_list_unref(attributes);
  pango_layout_set_text(layout.get(), text.data(), static_cast<int>(text.size()));
  return layout;
}

Shaped Canvas::WithLines(std::unique_ptr<PangoLayout, FreeWithGlib> layout) {
  Shaped shaped;
  PangoLayoutIter* const iterator = pango_layout_get_iter(layout.get());
  do {
    PangoRectangle extents;
    int top = 0;
    int bottom = 0;
    pango_layout_iter_get_line_extents(iterator, nullptr, &extents);
    pango_layout_iter_get_line_yrange(iterator, &top, &bottom);
    shaped.lines.push_back({pango_layout_iter_get_line_readonly(iterator), Points(extents.x), Points(top), Points(bottom),
                            Points(pango_layout_iter_get_baseline(iterator))});
  } while (pango_layout_iter_next_line(iterator) != FALSE);
  pango_layout_iter_free(iterator);
  shaped.layout = std::move(layout);
  return shaped;
}

Shaped Canvas::Shape(const std::string& text, Style style, double width) const {
  auto layout = Layout(text, style);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
  return WithLines(std::move(layout));
}

Shaped Canvas::ShapeOneLine(const std::string& text, Style style, double width) const {
  auto layout = Layout(text, style);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  return WithLines(std::move(layout));
}

double Canvas::NaturalWidth(const std::string& text, Style style) const {
  const auto layout = Layout(text, style);
  int width = 0;
  pango_layout_get_size(layout.get(), &width, nullptr);
  return Points(width);
}

void Canvas::Lines(const Shaped& text, std::size_t from, std::size_t to, double x, double y, Colour colour) {
  if (!drawing_) return;
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  for (std::size_t index = from; index < to; ++index) {
    const Shaped::Line& line = text.lines[index];
    cairo_move_to(cairo_, x + line.x, y + line.baseline - text.lines[from].top);
    pango_cairo_show_layout_line(cairo_, line.line);
  }
}

void Canvas::Rule(double x, double y, double width, double thickness, Colour colour) {
  if (!drawing_) return;
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  cairo_rectangle(cairo_, x, y - thickness / 2, width, thickness);
  cairo_fill(cairo_);
}

void Canvas::Frame(double x, double y, double width, double height, double thickness, Colour colour) {
  if (!drawing_) return;
  cairo_set_source_rgb(cairo_, colour.red, colour.green, colour.blue);
  cairo_set_line_width(cairo_, thickness);
  cairo_rectangle(cairo_, x + thickness / 2, y + thickness / 2, width - thickness, height - thickness);
  cairo_stroke(cairo_);
}

void Canvas::Begin(const char* tag) {
  if (drawing_) cairo_tag_begin(cairo_, tag, nullptr);
}

void Canvas::End(const char* tag) {
  if (drawing_) cairo_tag_end(cairo_, tag);
}

int Canvas::Bookmark(int parent, const std::string& text, int page, double y) {
  if (!drawing_) return 0;
  const std::string place = "page=" + std::to_string(page) + " pos=[0 " + std::to_string(std::lround(y)) + "]";
  return cairo_pdf_surface_add_outline(surface_, parent, text.c_str(), place.c_str(), CAIRO_PDF_OUTLINE_FLAG_OPEN);
}

void Canvas::ShowPage() {
  if (drawing_) cairo_show_page(cairo_);
}

Result<std::string> Canvas::Finish() {
  cairo_status_t status = cairo_status(cairo_);
  cairo_surface_finish(surface_);
  if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface_);
  if (status != CAIRO_STATUS_SUCCESS) {
    return Error{ErrorCode::kInternal, "The document could not be made.", std::string("cairo: ") + cairo_status_to_string(status), {}, 0};
  }
  return std::move(bytes_);
}

}  // namespace porchlight::print
