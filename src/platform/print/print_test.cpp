#include "platform/print/print.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <fstream>

namespace porchlight::print {
namespace {

using ::testing::HasSubstr;

DocumentOptions Options() {
  DocumentOptions options;
  options.title = "A test";
  options.created = {1'790'000'000'000'000};
  options.footer = "For the test only";
  return options;
}

// What one of poppler's programs says of it.
std::string SaidBy(const std::string& program, const std::string& pdf) {
  const std::string path = (std::filesystem::temp_directory_path() / ("print_test." + std::to_string(getpid()) + ".pdf")).string();
  std::ofstream(path, std::ios::binary) << pdf;
  FILE* pipe = popen((program + " 2>&1 < " + path).c_str(), "r");
  std::string text;
  std::array<char, 4096> buffer{};
  while (const std::size_t some = fread(buffer.data(), 1, buffer.size(), pipe)) text.append(buffer.data(), some);
  EXPECT_EQ(pclose(pipe), 0) << text;
  std::filesystem::remove(path);
  return text;
}

// What is read of it, page by page with form feeds between.
std::string TextOf(const std::string& pdf) { return SaidBy("pdftotext -layout - -", pdf); }

std::size_t CountOf(const std::string& text, const std::string& what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

TEST(PrintTest, EverythingThatWasSaidStandsOnThePage) {
  Document document(Options());
  document.Banner("Send legal process before the spring.", BannerKind::kUrgent);
  document.Heading(1, "Report 17");
  document.Paragraph("What was said, <b>as it was said</b> & nothing else.");
  document.Facts({{"Service", "Example chat"}, {"Files", "3"}});
  document.Table({"Kind", "Value"}, {{"email", "a@mail.example"}, {"phone", "+1 202 555 0100"}});
  const Result<std::string> pdf = document.Pdf();
  ASSERT_TRUE(pdf.ok()) << pdf.error().operator_text;
  EXPECT_TRUE(pdf->starts_with("%PDF-"));
  const std::string text = TextOf(*pdf);
  for (const char* said : {"Send legal process before the spring.", "Report 17", "<b>as it was said</b> & nothing else.", "Example chat",
                           "a@mail.example", "+1 202 555 0100", "For the test only", "Page 1 of 1"}) {
    EXPECT_THAT(text, HasSubstr(said));
  }
}

TEST(PrintTest, ATableGoesOnOverPagesWithItsHeader) {
  Document document(Options());
  std::vector<std::vector<std::string>> rows;
  for (int number = 0; number < 150; ++number) rows.push_back({"row " + std::to_string(number), "value"});
  document.Table({"First column", "Second column"}, rows);
  const std::string text = TextOf(document.Pdf().value());
  const std::size_t pages = CountOf(text, "\f");
  EXPECT_GT(pages, 2U);
  EXPECT_EQ(CountOf(text, "First column"), pages);
  for (int number = 0; number < 150; ++number) EXPECT_THAT(text, HasSubstr("row " + std::to_string(number) + " "));
}

TEST(PrintTest, TheSameBlocksGiveTheSameBytes) {
  const auto make = [] {
    Document document(Options());
    document.Heading(1, "Again");
    document.Paragraph("and again");
    return document.Pdf().value();
  };
  EXPECT_EQ(make(), make());
}

TEST(PrintTest, ALongWordBreaksAndNothingIsLost) {
  Document document(Options());
  document.Table({"Hash", "Kind"}, {{std::string(600, 'a'), "b"}});
  std::string text = TextOf(document.Pdf().value());
  EXPECT_EQ(CountOf(text, "a"), 600U + CountOf("Hash For the test only Page 1 of 1", "a"));
}

TEST(PrintTest, WhatIsNoTextIsShownAsSuch) {
  Document document(Options());
  document.Paragraph("before \xff\xfe after");
  document.Paragraph(std::string("nul \0 bell \a end", 17));
  EXPECT_THAT(TextOf(document.Pdf().value()), HasSubstr("after"));
}

// Whoever writes a report chooses what stands in it: pango needs the square of a word's length, 30 minutes for a megabyte.
TEST(PrintTest, AWordOfAnyLengthTakesNoMoreTimeThanItsBytes) {
  std::string word;
  for (int number = 0; word.size() < 120'000; ++number) word += std::to_string(number) + "\xc3\xa9";
  Document document(Options());
  document.Paragraph("before " + word + " after");
  document.Table({"Kind", "Value"}, {{"digest", word.substr(0, 30'000)}});
  const std::clock_t begun = std::clock();
  const Result<std::string> pdf = document.Pdf();
  EXPECT_LT(static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC, 15) << "seconds";
  ASSERT_TRUE(pdf.ok()) << pdf.error().public_text;
  std::string read = TextOf(*pdf);
  std::erase_if(read, [](unsigned char byte) { return byte < 0x80 && (byte < '0' || byte > '9'); });
  EXPECT_THAT(read, HasSubstr(word.substr(0, 200)));
  EXPECT_EQ(CountOf(read, "\xc3\xa9"), CountOf(word, "\xc3\xa9") + CountOf(word.substr(0, 30'000), "\xc3\xa9")) << "nothing is lost";
}

TEST(PrintTest, EveryKindOfLineBreakIsASpaceWhereThereIsOneLine) {
  DocumentOptions options = Options();
  options.footer = "For the\xe2\x80\xa8test\xe2\x80\xa9only";
  Document document(options);
  document.Heading(1, "Report\xe2\x80\xa8of\xe2\x80\xa9today");
  document.Paragraph("first\xe2\x80\xa8second\xe2\x80\xa9third");
  const std::string text = TextOf(document.Pdf().value());
  EXPECT_THAT(text, HasSubstr("For the test only"));
  EXPECT_THAT(text, HasSubstr("Report of today"));
  EXPECT_THAT(text, HasSubstr("first\nsecond\nthird\n"));
}

TEST(PrintTest, ItIsTaggedAndSaysItsLanguage) {
  DocumentOptions options = Options();
  options.language = "es";
  Document document(options);
  document.Heading(1, "Informe");
  const std::string pdf = document.Pdf().value();
  EXPECT_THAT(pdf, HasSubstr("/StructTreeRoot"));
  EXPECT_THAT(pdf, HasSubstr("/Lang"));
  EXPECT_THAT(SaidBy("pdfinfo -", pdf), HasSubstr("Tagged:          yes"));
}

TEST(PrintTest, LimitsHold) {
  const auto paragraph = [](std::size_t bytes) {
    Document document(Options());
    document.Paragraph(std::string(bytes, 'x'));
    return document.Pdf();
  };
  EXPECT_TRUE(paragraph(5'000).ok());
  EXPECT_EQ(paragraph(kMaxTextBytes + 1).error().code, ErrorCode::kTooLarge);
  Document wide(Options());
  wide.Table(std::vector<std::string>(kMaxColumns + 1, "c"), {});
  EXPECT_EQ(wide.Pdf().error().code, ErrorCode::kTooLarge);
  Document edge(Options());
  edge.Table(std::vector<std::string>(kMaxColumns, "c"), {});
  EXPECT_TRUE(edge.Pdf().ok());
  Document long_row(Options());
  long_row.Table({"one"}, {{"a", "b"}});
  EXPECT_EQ(long_row.Pdf().error().field, "/table");
  Document banner(Options());
  banner.Banner(std::string(kMaxShortTextBytes + 1, 'x'), BannerKind::kNotice);
  EXPECT_EQ(banner.Pdf().error().code, ErrorCode::kTooLarge);
  DocumentOptions options = Options();
  options.language = "not a language";
  EXPECT_EQ(Document(options).Pdf().error().field, "/language");
  Document many(Options());
  for (int number = 0; number < 12'000; ++number) many.Paragraph("line");
  EXPECT_EQ(many.Pdf().error().code, ErrorCode::kTooLarge);
}

}  // namespace
}  // namespace porchlight::print
