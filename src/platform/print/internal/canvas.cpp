#include "platform/print/internal/canvas.h"

#include <cairo-pdf.h>

#include <cmath>

#include "platform/print/internal/plain_text.h"

namespace porchlight::print {

namespace {

constexpr std::size_t kPieceBytes = 1'000;
// Wider than any page; a million bytes would not fit into pango's units.
constexpr std::size_t kMeasuredBytes = 20'000;
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

std::size_t CharacterStart(std::string_view text, std::size_t at) {
  if (at >= text.size()) return text.size();
  while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xc0U) == 0x80U) --at;
  return at;
}

// Where the text from `at` on ends, or the first `piece_bytes` of a word that is longer than that.
std::size_t PieceEnd(std::string_view text, std::size_t at, std::size_t piece_bytes) {
  for (std::size_t word = at;;) {
    const std::size_t length = text.substr(word, piece_bytes + 1).find_first_of(" \n");
    if (length == std::string_view::npos) return CharacterStart(text, word + piece_bytes);
    word += length + 1;
  }
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

std::unique_ptr<PangoLayout, FreeWithGlib> Canvas::Layout(std::string_view text, Style style) const {
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

void Canvas::AddLines(Shaped& shaped, std::unique_ptr<PangoLayout, FreeWithGlib> layout) {
  const double above = shaped.lines.empty() ? 0 : shaped.lines.back().bottom;
  PangoLayoutIter* const iterator = pango_layout_get_iter(layout.get());
  do {
    PangoRectangle extents;
    int top = 0;
    int bottom = 0;
    pango_layout_iter_get_line_extents(iterator, nullptr, &extents);
    pango_layout_iter_get_line_yrange(iterator, &top, &bottom);
    shaped.lines.push_back({pango_layout_iter_get_line_readonly(iterator), Points(extents.x), above + Points(top), above + Points(bottom),
                            above + Points(pango_layout_iter_get_baseline(iterator))});
  } while (pango_layout_iter_next_line(iterator) != FALSE);
  pango_layout_iter_free(iterator);
  shaped.layouts.push_back(std::move(layout));
}

// Pango's time grows with the square of a word's length. A word that is longer than any line breaks anywhere, so the text is laid
// out up to a piece of it; the last line of that begins anew with what follows.
Shaped Canvas::Shape(const std::string& text, Style style, double width) const {
  Shaped shaped;
  std::size_t piece_bytes = kPieceBytes;
  for (std::size_t at = 0;;) {
    const std::size_t end = PieceEnd(text, at, piece_bytes);
    auto layout = Layout(std::string_view(text).substr(at, end - at), style);
    pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
    pango_layout_set_wrap(layout.get(), PANGO_WRAP_WORD_CHAR);
    const bool is_last = end == text.size();
    if (!is_last && pango_layout_get_line_count(layout.get()) < 2) {
      piece_bytes *= 2;
      continue;
    }
    AddLines(shaped, std::move(layout));
    if (is_last) return shaped;
    at += static_cast<std::size_t>(shaped.lines.back().line->start_index);
    shaped.lines.pop_back();
  }
}

Shaped Canvas::ShapeOneLine(const std::string& text, Style style, double width) const {
  auto layout = Layout(text, style);
  pango_layout_set_width(layout.get(), static_cast<int>(width * PANGO_SCALE));
  pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  Shaped shaped;
  AddLines(shaped, std::move(layout));
  return shaped;
}

double Canvas::NaturalWidth(const std::string& text, Style style) const {
  const auto layout = Layout(std::string_view(text).substr(0, CharacterStart(text, kMeasuredBytes)), style);
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
