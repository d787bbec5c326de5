// Goal: a document from outside is either read whole, within limits and without touching anything else, or refused with
// a place and a sentence that repeats nothing of it. Method: small documents, each with one property.
#include "platform/xml/document.h"

#include <gtest/gtest.h>

#include <string>
#include <thread>

namespace porchlight::xml {
namespace {

std::optional<Document> Read(std::string_view bytes, const Limits& limits = {}) {
  auto parsed = Document::Parse(bytes, limits);
  if (auto* document = std::get_if<Document>(&parsed)) return std::move(*document);
  return std::nullopt;
}

ParseProblem Refusal(std::string_view bytes, const Limits& limits = {}) {
  auto parsed = Document::Parse(bytes, limits);
  if (auto* problem = std::get_if<ParseProblem>(&parsed)) return *problem;
  ADD_FAILURE() << "was read: " << bytes.substr(0, 200);
  return {};
}

std::string Utf16(std::string_view ascii, bool big_endian) {
  std::string bytes = big_endian ? "\xFE\xFF" : "\xFF\xFE";
  for (const char c : ascii) {
    bytes += big_endian ? '\0' : c;
    bytes += big_endian ? c : '\0';
  }
  return bytes;
}

TEST(DocumentTest, NamesTextAndAttributesAreHandedOut) {
  const auto document = Read("<a x='1' y='&lt;&#233;'>one<b/>two<c>3</c></a>");
  ASSERT_TRUE(document);
  const Element root = document->Root();
  EXPECT_EQ(root.Name(), "a");
  EXPECT_EQ(root.Text(), "onetwo");
  EXPECT_EQ(root.Attribute("y"), "<\xC3\xA9");
  EXPECT_EQ(root.Attribute("z"), std::nullopt);
  EXPECT_EQ(root.Attributes().size(), 2U);
  EXPECT_EQ(root.FirstChild().Name(), "b");
  EXPECT_EQ(root.FirstChild().Next().Text(), "3");
  EXPECT_FALSE(root.FirstChild().Next().Next());
  EXPECT_EQ(root.Child("c").Parent(), root);
  EXPECT_FALSE(root.Parent());
  EXPECT_FALSE(root.Child("d"));
  EXPECT_EQ(root.Child("d").Text(), "");
  EXPECT_FALSE(root.Child("d").Child("e"));
}

TEST(DocumentTest, CdataIsTextAndCommentsAndInstructionsAreDropped) {
  const auto document = Read("<?xml version='1.0'?><!-- before --><a>x<![CDATA[<&>]]><!-- in --><?do it?>y</a><!-- after -->");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->Root().Text(), "x<&>y");
}

TEST(DocumentTest, NamespacesAreReported) {
  const auto document = Read("<a xmlns='urn:one' xmlns:t='urn:two'><t:b t:c='1'/></a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->Root().Namespace(), "urn:one");
  EXPECT_EQ(document->Root().FirstChild().Name(), "b");
  EXPECT_EQ(document->Root().FirstChild().Namespace(), "urn:two");
  EXPECT_EQ(document->Root().FirstChild().Attribute("c"), std::nullopt);
}

TEST(DocumentTest, PlacesPointAtTheStartOfTheTag) {
  const auto document = Read("<?xml version='1.0'?>\n<a>\n  <b\n    x='1'\n    y='2'/><c/>\xC3\xA9<d e='\xC3\xA9'/>\n</a>");
  ASSERT_TRUE(document);
  const auto at = [&](std::string_view name) {
    const Place place = document->Root().Child(name).Where();
    return std::pair(place.line, place.column);
  };
  EXPECT_EQ(document->Root().Where().line, 2);
  EXPECT_EQ(document->Root().Where().column, 1);
  EXPECT_EQ(at("b"), std::pair(3, 3));
  EXPECT_EQ(at("c"), std::pair(5, 12));
  EXPECT_EQ(at("d"), std::pair(5, 17));   // One character for the letter in two bytes.
}

TEST(DocumentTest, LinesBeyondSixteenBitsAreKept) {
  const auto document = Read("<a>" + std::string(70'000, '\n') + "<b/></a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->Root().FirstChild().Where().line, 70'001);
  EXPECT_EQ(document->Root().FirstChild().Where().column, 1);
}

TEST(DocumentTest, FourEncodingsAreReadAndHandedOutAsUtf8) {
  EXPECT_EQ(Read("<?xml version='1.0' encoding='UTF-8'?><a>\xC3\xA9</a>")->Root().Text(), "\xC3\xA9");
  EXPECT_EQ(Read("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?><a>\xC3\xA9</a>")->Root().Text(), "\xC3\xA9");
  EXPECT_EQ(Read("\xEF\xBB\xBF<a>\xC3\xA9</a>")->Root().Text(), "\xC3\xA9");
  EXPECT_EQ(Read("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>")->Root().Text(), "\xC3\xA9");
  EXPECT_EQ(Read("<?xml version='1.0' encoding='us-ascii'?><a>e</a>")->Root().Text(), "e");
  EXPECT_EQ(Read(Utf16("<?xml version='1.0' encoding='UTF-16'?><a x='1'>&#233;</a>", true))->Root().Text(), "\xC3\xA9");
  EXPECT_EQ(Read(Utf16("<?xml version='1.0' encoding='UTF-16'?><a x='1'>&#233;</a>", false))->Root().Text(), "\xC3\xA9");
  EXPECT_EQ(Read(Utf16("<a>b</a>", false))->Root().Text(), "b");
}

TEST(DocumentTest, OtherOrWrongEncodingsAreRefused) {
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='UTF-7'?><a/>").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>").fault, Fault::kNotWellFormed);
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='windows-1251'?><a/>").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='no-such-thing'?><a/>").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='UTF-16'?><a/>").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("<a>\xE9</a>").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("<a b='\xE9'/>").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("<a>\xED\xA0\x80</a>").fault, Fault::kNotWellFormed);   // A surrogate.
  EXPECT_EQ(Refusal(std::string("\x00\x00\x00<", 4)).fault, Fault::kNotWellFormed);
  EXPECT_EQ(Refusal(std::string("<\x00\x00\x00", 4)).fault, Fault::kEncoding);
  EXPECT_EQ(Refusal("\x4C\x6F\xA7\x94").fault, Fault::kEncoding);
  EXPECT_EQ(Refusal(Utf16("<a/>", true) + "x").fault, Fault::kEncoding);
}

TEST(DocumentTest, NulCharactersAreRefusedWhereverTheyStand) {
  for (const std::size_t at : {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{4}, std::size_t{8}}) {
    std::string bytes = "<a>b</a>";
    bytes.insert(at, 1, '\0');
    EXPECT_EQ(Refusal(bytes).fault == Fault::kNotWellFormed || Refusal(bytes).fault == Fault::kEncoding, true) << at;
  }
  EXPECT_EQ(Refusal(std::string("<a/>\0<hidden/>", 14)).fault, Fault::kNotWellFormed);
  EXPECT_EQ(Refusal(Utf16("<a/>", false) + std::string("\0\0x\0", 4)).fault, Fault::kNotWellFormed);
}

TEST(DocumentTest, BrokenDocumentsAreRefusedWithAPlaceAndNoWordOfTheirs) {
  for (const std::string_view bytes :
       {"", " ", "secret", "<secret", "<secret>", "<secret></tercse>", "<a>secret & more</a>", "<a>&secret;</a>", "<a secret>",
        "<a x=secret/>", "<a x='secret/>", "<a x='secret<'/>", "<a x='1' x='secret'/>", "<a/><secret/>", "<a/>secret", "<a><![CDATA[secret</a>",
        "<a>]]>secret</a>", "<a><!-- secret </a>", "<a><!-- -- secret --></a>", "<secret:a/>", "<a secret:b='1'/>", " <?xml version='1.0'?><secret/>",
        "<a>\x01secret</a>", "<a>&#1;secret</a>", "<a>&#xD800;secret</a>", "<?xml version='secret'?><a/>"}) {
    const ParseProblem problem = Refusal(bytes);
    EXPECT_EQ(problem.fault, Fault::kNotWellFormed) << bytes << ": " << problem.message;
    EXPECT_EQ(problem.message.find("secret"), std::string::npos) << problem.message;
    EXPECT_TRUE(problem.message.ends_with('.')) << problem.message;
  }
  EXPECT_EQ(Refusal("<a>\n  Tom & Jerry</a>").place.line, 2);
}

TEST(DocumentTest, AnyDoctypeIsRefusedBeforeItIsRead) {
  const std::string bomb = "<!DOCTYPE a [<!ENTITY b 'bbbbbbbbbb'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;'>"
                           "<!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;'>]><a>&e;</a>";
  for (const std::string& bytes :
       {bomb, std::string("<!DOCTYPE a><a/>"), std::string("<!DOCTYPE a SYSTEM 'file:///etc/hostname'><a/>"),
        std::string("<!DOCTYPE a PUBLIC 'b' 'http://127.0.0.1:1/c'><a/>"),
        std::string("<?xml version='1.0'?>\n<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/hostname'>]><a>&x;</a>"),
        std::string("<!DOCTYPE a [<!ENTITY % p SYSTEM 'http://127.0.0.1:1/p'> %p;]><a/>"), std::string("<!DOCTYPE"), std::string("<!DOCTYPE a [")}) {
    const Fault fault = Refusal(bytes).fault;
    EXPECT_TRUE(fault == Fault::kDoctype || (fault == Fault::kNotWellFormed && bytes == "<!DOCTYPE")) << bytes;
  }
}

TEST(DocumentTest, SizeIsLimitedOnBothSides) {
  const std::string bytes = "<a>bcd</a>";
  Limits limits;
  limits.bytes_max = bytes.size();
  EXPECT_TRUE(Read(bytes, limits));
  limits.bytes_max = bytes.size() - 1;
  EXPECT_EQ(Refusal(bytes, limits).fault, Fault::kTooManyBytes);
}

std::string Nested(int depth) {
  std::string bytes;
  for (int level = 0; level < depth; ++level) bytes += "<a>";
  for (int level = 0; level < depth; ++level) bytes += "</a>";
  return bytes;
}

TEST(DocumentTest, DepthIsLimitedOnBothSides) {
  EXPECT_TRUE(Read(Nested(64)));
  EXPECT_EQ(Refusal(Nested(65)).fault, Fault::kTooDeep);
  EXPECT_EQ(Refusal(Nested(500'000)).fault, Fault::kTooDeep);
}

TEST(DocumentTest, AttributesAreLimitedOnBothSides) {
  Limits limits;
  limits.attribute_bytes_max = 10;
  EXPECT_TRUE(Read("<a b='0123456789'/>", limits));
  EXPECT_EQ(Refusal("<a b='0123456789x'/>", limits).fault, Fault::kAttributeTooLong);
  EXPECT_EQ(Refusal("<a c='1' b='0123456789x'/>", limits).fault, Fault::kAttributeTooLong);
  EXPECT_EQ(Refusal("<a b='" + std::string(3'000'000, 'x') + "'/>").fault, Fault::kAttributeTooLong);
}

TEST(DocumentTest, NodesAreLimitedOnBothSides) {
  Limits limits;
  limits.nodes_max = 4;
  EXPECT_TRUE(Read("<a b='1'><c/><c/></a>", limits));
  EXPECT_EQ(Refusal("<a b='1'><c/><c/><c/></a>", limits).fault, Fault::kTooManyNodes);
  EXPECT_EQ(Refusal("<a b='1'><c/><c d='1'/></a>", limits).fault, Fault::kTooManyNodes);
}

std::string WithAttributes(int count, std::string_view before = "") {
  std::string bytes = std::string(before) + "<a";
  for (int index = 0; index < count; ++index) bytes += " b" + std::to_string(index) + "='1'";
  return bytes + "/>";
}

TEST(DocumentTest, AttributesOfOneElementAreLimitedOnBothSidesInEveryEncoding) {
  EXPECT_TRUE(Read(WithAttributes(256)));
  EXPECT_EQ(Refusal(WithAttributes(257)).fault, Fault::kTooManyNodes);
  EXPECT_EQ(Refusal(WithAttributes(257, "<!-- ' --><?do '?><!-- \" -->")).fault, Fault::kTooManyNodes);
  for (const bool big_endian : {false, true}) {
    EXPECT_TRUE(Read(Utf16(WithAttributes(256), big_endian)));
    EXPECT_EQ(Refusal(Utf16(WithAttributes(257), big_endian)).fault, Fault::kTooManyNodes);
  }
}

TEST(DocumentTest, QuotesInWordsAreNoAttributes) {
  std::string quotes;
  for (int count = 0; count < 500; ++count) quotes += " key=\"value\" other='value'";
  const auto document = Read("<?xml version='1.0'?><a b='" + std::string(1000, '"') + "'>" + quotes + "<![CDATA[" + quotes + "]]><!--" + quotes +
                             "--><?do " + quotes + "?><b></b>" + quotes + "</a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->Root().Text(), quotes + quotes + quotes);
}

// The library goes on after an error; what comes then took it a minute.
TEST(DocumentTest, NothingIsDoneAfterTheFirstError) {
  std::string crowd = "<c";
  for (int index = 0; index < 50'000; ++index) crowd += " p" + std::to_string(index) + "=''";
  crowd += "/>";
  for (const std::string before : {"<r><a b=\"", "<r><?", "<r><!-- \x01", "<r><![CDATA[ \x01", "<r><!x", "<r><a b='1'c", "<r></s>", "<r>&x;"}) {
    for (const std::string after : {"", "?></r>", "--></r>", "]]></r>", "\"/></r>"}) {
      EXPECT_EQ(Refusal(before + crowd + after).fault, Fault::kTooManyNodes) << before << after;
    }
  }
  std::string nested = "<r><b></c>";
  for (int level = 0; level < 60; ++level) {
    nested += "<d";
    for (int index = 0; index < 200; ++index) nested += " xmlns:p" + std::to_string(level) + "x" + std::to_string(index) + "='urn:u'";
    nested += ">";
  }
  for (int index = 0; index < 300'000; ++index) nested += "<z:a/>";
  // Refused either way; what shows that nothing was done is that this test takes milliseconds and not seconds.
  EXPECT_EQ(Refusal(nested).fault, Fault::kNotWellFormed);
}

TEST(DocumentTest, BytesAfterTheRootAreOfItsEncodingToo) {
  EXPECT_EQ(Refusal("<?xml version='1.0' encoding='US-ASCII'?><r/>\xE9 lost").fault, Fault::kEncoding);
  EXPECT_FALSE(Read(Utf16("<r/>", true) + std::string("\xDC\x00", 2) + Utf16("<x/>", true).substr(2)));
  EXPECT_EQ(Refusal(Utf16("<r/>", false) + std::string("\x00\xD8", 2)).fault, Fault::kEncoding);
  EXPECT_TRUE(Read(Utf16("<r/>  ", false)));
}

// The library reads the first piece as what it is and the rest as what is declared: unseen by what looks at the bytes before.
TEST(DocumentTest, TwoBytesToACharacterCannotBeDeclaredAsOne) {
  for (const std::string_view declared : {"ISO-8859-1", "US-ASCII", "ASCII", "UTF-16LE", "UTF-16BE"}) {
    for (const bool big_endian : {false, true}) {
      for (int padding = 0; padding < 12; ++padding) {
        const std::string head = "<?xml version='1.0' encoding='" + std::string(declared) + "'?>" + std::string(static_cast<std::size_t>(padding), ' ');
        EXPECT_EQ(Refusal(Utf16(head, big_endian) + "<r/>" + std::string(2, ' ')).fault, Fault::kEncoding) << declared << padding;
      }
    }
  }
  EXPECT_TRUE(Read(Utf16("<?xml version='1.0' encoding='utf-16'?><r/>", true)));
}

TEST(DocumentTest, DeclaredNamespacesAreLimitedOnBothSides) {
  const auto declaring = [](int count) {
    std::string bytes = "<a>";
    for (int index = 0; index < count; ++index) bytes += "<b xmlns:p='urn:p'/>";
    return bytes + "</a>";
  };
  EXPECT_TRUE(Read(declaring(64)));
  EXPECT_EQ(Refusal(declaring(65)).fault, Fault::kTooManyNodes);
}

TEST(DocumentTest, AnAmpersandInAnAttributeStandsForItselfHoweverItIsWritten) {
  const auto document = Read("<a b='x&amp;y' c='&#38;' d='&#x26;#38;' e='&amp;lt;&amp;amp;&lt;'/>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->Root().Attribute("b"), "x&y");
  EXPECT_EQ(document->Root().Attribute("c"), "&");
  EXPECT_EQ(document->Root().Attribute("d"), "&#38;");
  EXPECT_EQ(document->Root().Attribute("e"), "&lt;&amp;<");
}

TEST(DocumentTest, TextThatComesInPiecesIsOneText) {
  const auto document = Read("<a>one&amp;two<![CDATA[<three>]]><!-- x -->&#233;<?do it?>four<b/>five</a>");
  ASSERT_TRUE(document);
  EXPECT_EQ(document->Root().Text(), "one&two<three>\xC3\xA9" "fourfive");
  EXPECT_TRUE(document->Root().HasText());
  EXPECT_TRUE(document->Root().HasWords());
  const std::string chat(100'000, 'w');
  EXPECT_EQ(Read("<a>" + chat + "&lt;" + chat + "</a>")->Root().Text(), chat + "<" + chat);
}

TEST(DocumentTest, LayoutIsTextButNoWords) {
  const auto document = Read("<a>\n\t <b></b> <c><![CDATA[]]></c></a>");
  ASSERT_TRUE(document);
  EXPECT_TRUE(document->Root().HasText());
  EXPECT_FALSE(document->Root().HasWords());
  EXPECT_FALSE(document->Root().Child("b").HasText());
  EXPECT_FALSE(document->Root().Child("c").HasText());
}

TEST(DocumentTest, ADocumentOutlivesTheThreadThatReadIt) {
  std::optional<Document> document;
  std::thread([&] { document = Read("<first><second third='4'>5</second></first>"); }).join();
  std::thread([&] {
    ASSERT_TRUE(document);
    EXPECT_EQ(document->Root().FirstChild().Name(), "second");
    EXPECT_EQ(document->Root().FirstChild().Attribute("third"), "4");
    document.reset();
  }).join();
}

// A thread uses its parser again; nothing of one document may show in the next, whatever the first was.
TEST(DocumentTest, OneThreadReadsDocumentsOfEveryKindInTurn) {
  std::string names = "<a>";
  for (int index = 0; index < 6'000; ++index) names += "<name" + std::to_string(index) + "/>";
  names += "</a>";
  for (int round = 0; round < 3; ++round) {
    EXPECT_EQ(Read(Utf16("<a x='1'>&#233;</a>", round % 2 == 0))->Root().Text(), "\xC3\xA9");
    EXPECT_EQ(Read("<a>\xC3\xA9</a>")->Root().Text(), "\xC3\xA9");
    EXPECT_EQ(Read("<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>")->Root().Text(), "\xC3\xA9");
    EXPECT_EQ(Refusal("<a xmlns:p='urn:p'><b>").fault, Fault::kNotWellFormed);
    EXPECT_EQ(Refusal("<a><p:b/></a>").fault, Fault::kNotWellFormed);
    EXPECT_EQ(Refusal("<!DOCTYPE a><a/>").fault, Fault::kDoctype);
    const auto many = Read(names);
    ASSERT_TRUE(many);
    EXPECT_EQ(many->Root().FirstChild().Name(), "name0");
    EXPECT_TRUE(Read("<?oasis-xml-catalog catalog='urn:c'?><a xmlns='urn:a'/>"));
    EXPECT_EQ(Read("<a/>")->Root().Namespace(), "");
  }
}

TEST(DocumentTest, TextAndAttributesCanBeReplaced) {
  auto document = Read("<a b=' 1 '>x<!-- y --><![CDATA[z]]></a>");
  ASSERT_TRUE(document);
  document->SetText(document->Root(), "a & b");
  document->SetAttribute(document->Root(), "b", "<2>");
  document->SetAttribute(document->Root(), "c", "nothing to replace");
  EXPECT_EQ(document->Root().Text(), "a & b");
  EXPECT_EQ(document->Root().Attribute("b"), "<2>");
  EXPECT_EQ(document->Root().Attribute("c"), std::nullopt);
  document->SetText(document->Root(), "");
  EXPECT_EQ(document->Root().Text(), "");
}

TEST(DocumentTest, ThreadsParseAtTheSameTimeAndNothingIsPrinted) {
  testing::internal::CaptureStderr();
  std::vector<std::thread> threads;
  for (int index = 0; index < 4; ++index) {
    threads.emplace_back([] {
      for (int round = 0; round < 200; ++round) {
        EXPECT_TRUE(Read("<a><b>1</b></a>"));
        EXPECT_EQ(Refusal("<a>&undefined;</a>").fault, Fault::kNotWellFormed);
        EXPECT_EQ(Refusal("<?xml version='1.0' encoding='no-such-thing'?><a/>").fault, Fault::kEncoding);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
}

}  // namespace
}  // namespace porchlight::xml
