// Goal: a phrase is found however people write it, and only as whole words. Method: texts with marks, case, punctuation
// and other scripts, each against what must and must not match; normal forms pairwise.
#include <gtest/gtest.h>

#include "triage/normal_forms.h"
#include "triage/words.h"

namespace porchlight::triage {
namespace {

using tipline::Identifier;
using tipline::IdentifierKind;
using tipline::Party;

PhraseBook Book() {
  PhraseBook book;
  book.Add("suicid*", 0);
  book.Add("meet you tonight", 1);
  book.Add("no me deja salir", 2);
  book.Add("can't take it", 3);
  return book;
}

TEST(WordsTest, FoldsCaseMarksApostrophesAndPunctuation) {
  EXPECT_EQ(WordsOf("I'm  SCARED\xE2\x80\xA6 niña/Día"), (std::vector<std::string>{"im", "scared", "nina", "dia"}));
  EXPECT_EQ(WordsOf("don\xE2\x80\x99t"), (std::vector<std::string>{"dont"}));
  EXPECT_EQ(WordsOf("e\xCC\x81toile"), (std::vector<std::string>{"etoile"}));
  EXPECT_TRUE(WordsOf(" ,.!? \n").empty());
}

TEST(WordsTest, BrokenUtf8EndsNothing) {
  EXPECT_EQ(WordsOf("help\xC3").back().substr(0, 4), "help");
  EXPECT_EQ(WordsOf("\xF0\x9F\x98\xA2 sad").back(), "sad");
}

TEST(PhraseBookTest, FindsPhrasesAsWholeWordsInOrder) {
  const PhraseBook book = Book();
  EXPECT_EQ(book.Find(WordsOf("I will MEET  you, tonight!")), 2U);
  EXPECT_EQ(book.Find(WordsOf("meet you on tonight's show")), 0U);
  EXPECT_EQ(book.Find(WordsOf("tonight you meet")), 0U);
  EXPECT_EQ(book.Find(WordsOf("he was suicidal")), 1U);
  EXPECT_EQ(book.Find(WordsOf("cant take it. No me deja salir")), 4U | 8U);
  EXPECT_EQ(book.Find({}), 0U);
}

TEST(PhraseBookTest, AnOpenEndMatchesAWordsStartAndNotItsMiddle) {
  EXPECT_EQ(Book().Find(WordsOf("antisuicidal")), 0U);
  EXPECT_EQ(Book().Find(WordsOf("suicid")), 1U);
}

TEST(NormalFormsTest, OneMailboxIsOneForm) {
  EXPECT_EQ(NormalEmail(" Fox+news@Example.ORG "), "fox@example.org");
  EXPECT_EQ(NormalEmail("no-at-sign"), "");
  EXPECT_EQ(NormalEmail("@example.org"), "");
  EXPECT_EQ(NormalEmail("fox@"), "");
}

TEST(NormalFormsTest, OneNumberIsOneForm) {
  EXPECT_EQ(NormalPhone("(555) 010-0199", "+1"), "15550100199");
  EXPECT_EQ(NormalPhone("+1 555 010 0199", ""), "15550100199");
  EXPECT_EQ(NormalPhone("1-555-010-0199", "+1"), "15550100199");
  EXPECT_EQ(NormalPhone("123", "+1"), "");
}

TEST(NormalFormsTest, HandlesThatLookAlikeAreOneHandle) {
  const std::string fox = NormalHandle("Mr_Fox.99");
  EXPECT_EQ(NormalHandle("mrf0x99"), fox);
  EXPECT_EQ(NormalHandle("MR-FOX 99"), fox);
  EXPECT_EQ(NormalHandle("mrf\xD0\xBEx99"), fox);        // A Cyrillic o.
  EXPECT_EQ(NormalHandle("@mrfox99"), fox);
  EXPECT_EQ(NormalHandle("m\u0433fox99") == fox, false) << "a Cyrillic letter that looks like no Latin one";
  EXPECT_EQ(NormalHandle("\uFF2D\uFF32\uFF26\uFF4F\uFF38\uFF19\uFF19"), fox) << "full-width forms";
  EXPECT_EQ(NormalHandle("m\u00ADr\u200Bf\u2060ox99\uFEFF"), fox) << "what nobody sees";
  EXPECT_EQ(NormalHandle("mrf\u00F6x99"), fox);
  EXPECT_EQ(NormalHandle("mrfo\u0308x99"), fox) << "the mark as a letter of its own";
  EXPECT_EQ(NormalHandle("\u041C\u0433\u0444\u041E\u0425"), NormalHandle("\u043C\u0413\u0424\u043E\u0445")) << "Cyrillic in either case";
  EXPECT_EQ(NormalHandle("\u0391\u0392\u0395\u0396\u0397\u0399\u039A"), NormalHandle("abezhik")) << "Greek capitals";
  EXPECT_EQ(NormalHandle("\uFF20mrfox99"), fox);
  EXPECT_EQ(NormalHandle("\u200B@mrfox99"), fox);
  EXPECT_EQ(NormalHandle("mr\u3000fox\u00A099"), fox);
  EXPECT_EQ(NormalHandle("\u0393\u0399\u03A9\u03A1\u0393\u039F\u03A3"), NormalHandle("\u03B3\u03B9\u03C9\u03C1\u03B3\u03BF\u03C2"));
  EXPECT_EQ(NormalHandle("\u039D\u03AF\u03BA\u03BF\u03C2"), NormalHandle("\u039D\u0399\u039A\u039F\u03A3")) << "with and without its accent";
  EXPECT_EQ(NormalHandle("\u0410\u043B\u0435\u043A\u0441\u0435\u0439"), NormalHandle("\u0430\u043B\u0435\u043A\u0441\u0435\u0438\u0306"));
  EXPECT_EQ(NormalHandle("\u6771\u4EAC\u738B"), "\u6771\u4EAC\u738B") << "what looks like nothing else stays";
  EXPECT_EQ(NormalHandle("\U0001F98Afox"), "\U0001F98Afox");
  EXPECT_NE(NormalHandle("mrfox98"), fox);
  EXPECT_EQ(NormalHandle("ab"), "");
}

TEST(NormalFormsTest, OnePageIsOneForm) {
  EXPECT_EQ(NormalUrl("HTTPS://www.Example.org/a/B/#top"), "example.org/a/B");
  EXPECT_EQ(NormalUrl("http://example.org/a/B"), "example.org/a/B");
  EXPECT_NE(NormalUrl("http://example.org/a/b"), NormalUrl("http://example.org/a/B"));
  EXPECT_EQ(NormalUrl("localhost"), "");
}

TEST(NormalFormsTest, AUserIdCountsWithinItsServiceAndAScreenNameAcross) {
  const auto user = [](std::string scope) { return LinkText(Identifier{IdentifierKind::kUserId, Party::kReported, "17", std::move(scope)}); };
  EXPECT_NE(user("Chat"), user("Games"));
  EXPECT_EQ(user("Chat"), user("chat "));
  EXPECT_EQ(LinkText({IdentifierKind::kScreenName, Party::kReported, "Mr_Fox", "Chat"}),
            LinkText({IdentifierKind::kScreenName, Party::kReported, "mrfox", "Games"}));
  EXPECT_EQ(LinkText({IdentifierKind::kGroup, Party::kReported, "a group", "Chat"}), "");
}

}  // namespace
}  // namespace porchlight::triage
