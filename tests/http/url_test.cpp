// SPDX-License-Identifier: Apache-2.0
#include "guard/http/url.hpp"

#include "tests/http/client_of.hpp"

namespace guard::http {
namespace {

TEST(Url, IsTakenApart) {
  struct Case {
    const char* text;
    bool tls;
    const char* host;
    int port;
    const char* path;
    const char* origin;
  };
  for (const auto& c : {
           Case{"http://localhost", false, "localhost", 80, "", "http://localhost:80"},
           Case{"https://localhost", true, "localhost", 443, "", "https://localhost:443"},
           Case{"http://127.0.0.1:9090", false, "127.0.0.1", 9090, "", "http://127.0.0.1:9090"},
           Case{"http://h:9090/", false, "h", 9090, "/", "http://h:9090"},
           Case{"http://h/prometheus", false, "h", 80, "/prometheus", "http://h:80"},
           Case{"http://h/select/0/prometheus///", false, "h", 80, "/select/0/prometheus///", "http://h:80"},
           Case{"http://[::1]:9090/p", false, "::1", 9090, "/p", "http://[::1]:9090"},
           Case{"https://[2001:db8::a]", true, "2001:db8::a", 443, "", "https://[2001:db8::a]:443"},
           Case{"http://h:65535", false, "h", 65535, "", "http://h:65535"},
           Case{"http://h/hook?team=a", false, "h", 80, "/hook?team=a", "http://h:80"},
           Case{"http://h?team=a", false, "h", 80, "/?team=a", "http://h:80"},
           Case{"http://h/a@b", false, "h", 80, "/a@b", "http://h:80"},
       }) {
    const auto url = parse_url(c.text);
    ASSERT_TRUE(url) << c.text << ": " << url.error().message;
    EXPECT_EQ(url->tls, c.tls) << c.text;
    EXPECT_EQ(url->host, c.host) << c.text;
    EXPECT_EQ(url->port, c.port) << c.text;
    EXPECT_EQ(url->path, c.path) << c.text;
    EXPECT_EQ(url->origin(), c.origin) << c.text;
  }
}

TEST(Url, WhatCannotBeUsedIsRefusedWithTheReason) {
  struct Case {
    const char* text;
    const char* message;
  };
  constexpr const char* scheme = "it begins with neither http:// nor https://";
  constexpr const char* port = "its port or its brackets are wrong";
  for (const auto& c : {
           Case{"", scheme},
           Case{"localhost:9090", scheme},
           Case{"HTTP://h", scheme},
           Case{"ftp://h", scheme},
           Case{"http:/h", scheme},
           Case{"file:///etc/passwd", scheme},
           Case{"http://", "it names no host"},
           Case{"http:///path", "it names no host"},
           Case{"http://:80", "it names no host"},
           Case{"http://[]:80", port},
           Case{"http://[[::1]:80", port},
           Case{"http://[host]:80", port},
           Case{"http://ho]st", port},
           Case{"http://h:0", port},
           Case{"http://h:", port},
           Case{"http://h:65536", port},
           Case{"http://h:-1", port},
           Case{"http://h:80a", port},
           Case{"http://h:9999999999999", port},
           Case{"http://[::1", port},
           Case{"http://[::1]9090", port},
           Case{"http://::1:9090", port},
           Case{"http://h/#a", "it holds a fragment"},
       }) {
    const auto url = parse_url(c.text);
    ASSERT_FALSE(url) << c.text;
    EXPECT_EQ(url.error(),
              (Error{ErrorCode::invalid, std::string("\"") + c.text + "\" is not a usable URL: " + c.message}));
  }
}

TEST(Url, WhatMayHoldASecretOrALineBreakIsNotShown) {
  for (const std::string text : {"http://user:secret@h", "http://h/a b", "http://h/\x7f", "http://h\r\nX: secret"}) {
    const auto url = parse_url(text);
    ASSERT_FALSE(url) << text;
    EXPECT_EQ(url.error().message.find("secret"), std::string::npos);
    EXPECT_EQ(url.error().message.find('\n'), std::string::npos);
  }
}

TEST(Url, AFormIsEncodedSoThatEveryByteComesBack) {
  EXPECT_EQ(form_encode({}), "");
  EXPECT_EQ(form_encode({{"query", "rate(x{a=\"b\"}[5m]) + 1 & c"}, {"time", "1.5"}}),
            "query=rate%28x%7Ba%3D%22b%22%7D%5B5m%5D%29%20%2B%201%20%26%20c&time=1.5");
  EXPECT_EQ(form_encode({{"a b", "\xc3\xa9\n%"}}), "a%20b=%C3%A9%0A%25");
}

TEST(Url, ALiteralAddressOfTheNewerKindIsConnectedTo) {
  Recording recording(answer("six"));
  const RawServer server(std::ref(recording));
  const auto mapped = "http://[::ffff:127.0.0.1]:" + std::to_string(server.port());
  const auto response = Client::make(settings_for(mapped), machine_clock)->send(get());
  ASSERT_TRUE(response) << response.error().message;
  EXPECT_EQ(response->body, "six");
  EXPECT_NE(recording.requests().back().find("\r\nHost: [::ffff:127.0.0.1]:"), std::string::npos);
}

TEST(Url, IsUsedAsItWasWrittenUnlessAPathIsAppended) {
  Recording recording(answer("here"));
  const RawServer server(std::ref(recording));
  const auto ask = [&](const std::string& path, const std::string& appended) {
    auto request = get();
    request.path = appended;
    EXPECT_TRUE(Client::make(settings_for(server.url() + path), machine_clock)->send(request));
    const auto sent = recording.requests().back();
    return sent.substr(4, sent.find(" HTTP") - 4);
  };
  EXPECT_EQ(ask("/rollback/", ""), "/rollback/");
  EXPECT_EQ(ask("/rollback?team=a/", ""), "/rollback?team=a/");
  EXPECT_EQ(ask("", ""), "/");
  EXPECT_EQ(ask("/", "/api/v1/query"), "/api/v1/query");
  EXPECT_EQ(ask("/prometheus//", "/api/v1/query"), "/prometheus/api/v1/query");
}

TEST(Url, TheClientNamesItsUrlWithoutWhatNeedNotBeSeen) {
  EXPECT_EQ(Client::make(settings_for("http://h/prometheus/"), machine_clock)->url(), "http://h:80/prometheus/");
  EXPECT_EQ(Client::make(settings_for("h:80"), machine_clock).error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace guard::http
