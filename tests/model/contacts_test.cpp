// SPDX-License-Identifier: Apache-2.0
#include "guard/model/contacts.hpp"

#include <gtest/gtest.h>

namespace guard::model {
namespace {

TEST(Contacts, AreNamedInTheOrderInWhichTheyAreCalled) {
  EXPECT_EQ(contacts_text({"Ada, +49 30 1234, @ada", "Grace", "Edsger, @ewd"}),
            "primary on-call: Ada, +49 30 1234, @ada; secondary on-call: Grace; lead: Edsger, @ewd");
}

TEST(Contacts, WhoIsNotNamedIsLeftOut) {
  EXPECT_EQ(contacts_text({"", "Grace", ""}), "secondary on-call: Grace");
  EXPECT_EQ(contacts_text({}), "");
}

}  // namespace
}  // namespace guard::model
