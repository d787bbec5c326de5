// Goal: a notice arrives as it was meant, nothing but an address is ever written to, and no server elsewhere is spoken to without TLS.
// Method: messages by their form; a real SMTP server on this machine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "platform/mail/mail.h"
#include "platform/mail/testing/smtp_server.h"

namespace porchlight::mail {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;
using testing::SmtpServer;

constexpr Instant kNow{1'796'026'473'000'000};

class MailTest : public ::testing::Test {
 protected:
  void SetUp() override { folder_ = ::testing::TempDir() + "/mail-" + std::to_string(::getpid()) + "-" + std::to_string(++count_); }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  static MailServer At(const std::string& url) {
    MailServer server;
    server.url = url;
    server.from = "centre@porchlight.example";
    return server;
  }
  static Mail Notice() { return {"officer@agency.example", "Urgent report 17", "Sign in.\nThank you – the centre.", "delivery-12-0"}; }

  std::string folder_;
  static inline int count_ = 0;
};

TEST_F(MailTest, ANoticeArrivesAsItWasMeant) {
  const SmtpServer server(folder_);
  const Mailer mailer(At(server.url()));
  const Result<void> sent = mailer.Send(Notice(), kNow);
  ASSERT_TRUE(sent.ok()) << sent.error().operator_text;
  ASSERT_THAT(server.Received(), SizeIs(1));
  const std::string message = server.Received().front();
  EXPECT_THAT(message, HasSubstr("centre@porchlight.example\nofficer@agency.example\n"));
  EXPECT_THAT(message, HasSubstr("Subject: Urgent report 17\n"));
  EXPECT_THAT(message, HasSubstr("Message-ID: <delivery-12-0@porchlight.example>"));
  EXPECT_THAT(message, HasSubstr("Auto-Submitted: auto-generated"));
  EXPECT_THAT(message, HasSubstr("Date: Mon, 30 Nov 2026 08:14:33 +0000"));
  EXPECT_THAT(message, HasSubstr("Sign in.\r\nThank you – the centre."));
}

TEST_F(MailTest, ASubjectOfAnyLanguageIsReadBack) {
  const SmtpServer server(folder_);
  const Mailer mailer(At(server.url()));
  Mail mail = Notice();
  mail.subject = "Reporte urgente 17 para su agencia: niñas y niños, 緊急の通報があります、今すぐ確認してください";
  ASSERT_TRUE(mailer.Send(mail, kNow).ok());
  EXPECT_THAT(server.Received().front(), HasSubstr("Subject: " + mail.subject));
  EXPECT_THAT(MessageOf(At(server.url()), mail, kNow).value(), Not(HasSubstr("ñ"))) << "on the wire all is ASCII";
}

TEST_F(MailTest, ARefusalForGoodIsToldFromOneForNow) {
  SmtpServer server(folder_, "nobody@");
  const Mailer mailer(At(server.url()));
  Mail mail = Notice();
  mail.to = "nobody@agency.example";
  EXPECT_EQ(mailer.Send(mail, kNow).error().code, ErrorCode::kForbidden);
  server.Stop();
  EXPECT_EQ(mailer.Send(Notice(), kNow).error().code, ErrorCode::kUnavailable);
}

TEST_F(MailTest, OnlyAServerOnThisMachineGoesWithoutTls) {
  for (const std::string url : {"smtp://127.0.0.1:25", "smtp://localhost", "smtp://[::1]:25"}) EXPECT_FALSE(At(url).RequiresTls()) << url;
  for (const std::string url : {"smtp://mail.example:587", "smtp://192.0.2.1", "smtp://localhost.example", "smtp://127.relay.example", "smtps://mail.example"}) {
    EXPECT_TRUE(At(url).RequiresTls()) << url;
  }
}

TEST_F(MailTest, NothingButOneAddressIsWrittenTo) {
  for (const std::string& good : {std::string("a@b.example"), std::string("first.last+tag@mail-1.example"), std::string(64, 'a') + "@b.example"}) {
    EXPECT_TRUE(CheckAddress(good).ok()) << good;
  }
  for (const std::string& bad :
       {std::string(), std::string("a"), std::string("@b.example"), std::string("a@"), std::string("a@b@c.example"), std::string("a b@c.example"),
        std::string("a@b.example\r\nBcc: c@d.example"), std::string("a@b.example,c@d.example"), std::string("<a@b.example>"),
        std::string("a@.example"), std::string("a@b..example"), std::string("a@b.example."), std::string("ä@b.example"),
        std::string(65, 'a') + "@b.example", "a@" + std::string(250, 'b') + ".example"}) {
    EXPECT_FALSE(CheckAddress(bad).ok()) << bad;
  }
}

TEST_F(MailTest, WhatCannotBeAMessageIsRefusedByName) {
  const auto field = [](const Mail& mail) {
    const Result<std::string> message = MessageOf(At("smtp://127.0.0.1"), mail, kNow);
    return message.ok() ? "accepted" : message.error().field;
  };
  Mail mail = Notice();
  mail.subject = "One\r\nBcc: c@d.example";
  EXPECT_EQ(field(mail), "subject");
  mail.subject = std::string(kSubjectBytesMax, 'x');
  EXPECT_EQ(field(mail), "accepted");
  mail.subject += "x";
  EXPECT_EQ(field(mail), "subject");
  mail = Notice();
  mail.text = std::string(kTextBytesMax, 'x');
  EXPECT_EQ(field(mail), "accepted");
  mail.text += "x";
  EXPECT_EQ(field(mail), "text");
  mail = Notice();
  mail.id = "a b";
  EXPECT_EQ(field(mail), "id");
  EXPECT_EQ(CheckServer(At("http://mail.example")).error().field, "mail.server");
  EXPECT_EQ(CheckServer(At("smtp://")).error().field, "mail.server");
  EXPECT_EQ(CheckServer(At("smtp://name:word@mail.example")).error().field, "mail.server");
  MailServer nobody = At("smtp://mail.example");
  nobody.from = "centre";
  EXPECT_EQ(CheckServer(nobody).error().field, "mail.from");
}

}  // namespace
}  // namespace porchlight::mail
