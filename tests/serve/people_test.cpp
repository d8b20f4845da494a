// SPDX-License-Identifier: Apache-2.0
#include "guard/serve/people.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace guard::serve {
namespace {

using config::Role;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

config::Settings with_users(std::vector<config::ClientName> roles) {
  config::Settings settings;
  settings.web_file.passwords = {{"ada", Secret("hash")}};
  settings.web_users = std::move(roles);
  return settings;
}

config::TokenSettings token(Role role) {
  config::TokenSettings out;
  out.name = "pipeline";
  out.role = role;
  return out;
}

TEST(People, WithoutAnyTheMachineIsTrusted) {
  const config::Settings nobody;
  EXPECT_FALSE(knows_people(nobody));
  EXPECT_THAT(strange_about_people(nobody, false), ElementsAre(HasSubstr("anyone on this machine")));
}

TEST(People, AreTokensUsersAndNamesInCertificates) {
  config::Settings tokens;
  tokens.tokens = {token(Role::operate)};
  config::Settings certificates;
  certificates.web_tls.emplace().clients = {{"pipeline", Role::deploy}};
  for (const auto& settings : {tokens, certificates, with_users({{"ada", Role::operate}})}) {
    EXPECT_TRUE(knows_people(settings));
    EXPECT_THAT(strange_about_people(settings, true), IsEmpty());
  }
}

TEST(People, ARoleOfNobodyIsTold) {
  const auto misspelt = with_users({{"ada", Role::operate}, {"Ada", Role::operate}});
  EXPECT_THAT(strange_about_people(misspelt, true), ElementsAre(HasSubstr("\"Ada\"")));
  EXPECT_THAT(strange_about_people(misspelt, false), ElementsAre(HasSubstr("--web.config.file")));
  auto by_certificate = misspelt;
  by_certificate.web_tls.emplace().client_ca_file = "ca.pem";
  EXPECT_THAT(strange_about_people(by_certificate, true), IsEmpty()) << "a certificate may have the name";
}

TEST(People, WhereNobodyMayOrderThatIsTold) {
  auto readers = with_users({{"ada", Role::read}});
  EXPECT_THAT(strange_about_people(readers, true), ElementsAre(HasSubstr("nobody may announce")));
  EXPECT_THAT(strange_about_people(with_users({}), true), ElementsAre(HasSubstr("nobody may announce")));
  readers.tokens = {token(Role::deploy)};
  EXPECT_THAT(strange_about_people(readers, true), IsEmpty());
}

}  // namespace
}  // namespace guard::serve
