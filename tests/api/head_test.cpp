// SPDX-License-Identifier: Apache-2.0
#include "guard/api/head.hpp"

#include "guard/base/json.hpp"

#include <gtest/gtest.h>

namespace guard::api {
namespace {

using Fields = std::vector<std::pair<std::string, std::string>>;

const std::pair<std::string, std::string> host{"Host", "localhost"};

// "400 message" of the refusal, or nothing.
std::string refusal_of(const Head& head) {
  Request request;
  const auto read = read_head(head, request);
  if (read) return "";
  const auto body = *parse_json(read.error().body);
  return std::to_string(read.error().status) + " " + std::string(body.at("error").as_string());
}

std::string refusal(Fields fields) {
  fields.push_back(host);
  return refusal_of(Head{"GET", "/", false, std::move(fields)});
}

TEST(Head, NamesAreReadInAnyCase) {
  Request request;
  ASSERT_TRUE(read_head({"PUT", "/x", false, {host, {"Content-TYPE", "Text/Plain"}}}, request));
  EXPECT_EQ(request.method, "PUT");
  EXPECT_EQ(request.path, "/x");
  EXPECT_EQ(request.header("content-type"), "Text/Plain");
  EXPECT_EQ(request.header("accept"), "");
}

TEST(Head, WhatMustStandOnceMayNotStandTwice) {
  for (const std::string name :
       {"Authorization", "Content-Type", "Content-Encoding", "Origin", "Idempotency-Key", "Content-Length", "Expect"})
    EXPECT_TRUE(refusal({{name, "a"}, {"X-Other", "b"}, {name, "a"}}).ends_with(" is given twice")) << name;
  EXPECT_EQ(refusal({{"HOST", "localhost"}}), "400 the header host is given twice");
  EXPECT_EQ(refusal({{"Accept", "text/html"}, {"Accept", "application/json"}}), "");
}

TEST(Head, AHostIsNeededFromHttp11On) {
  EXPECT_EQ(refusal_of(Head{"GET", "/", false, {}}), "400 the header Host is missing");
  EXPECT_EQ(refusal_of(Head{"GET", "/", true, {}}), "");
}

TEST(Head, NoTransferCodingButChunkedIsRead) {
  EXPECT_EQ(refusal({{"Transfer-Encoding", "Chunked"}}), "");
  for (const std::string coding : {"gzip, chunked", "identity", "chunked, chunked", "xchunked", "chunked;q=1"})
    EXPECT_TRUE(refusal({{"Transfer-Encoding", coding}}).starts_with("501 the only transfer coding")) << coding;
}

// A proxy of HTTP/1.0 passes the header on and ends the body where it likes (RFC 9112, 6.1).
TEST(Head, Http10HasNoTransferCodings) {
  EXPECT_EQ(refusal_of(Head{"POST", "/", true, {{"Transfer-Encoding", "chunked"}}}),
            "400 HTTP/1.0 has no Transfer-Encoding; send Content-Length, or HTTP/1.1");
}

TEST(Head, ABadTargetIsRefused) {
  EXPECT_EQ(refusal_of(Head{"GET", "/%", false, {host}}),
            "400 the request target must be a path in percent-encoded UTF-8");
}

TEST(Head, OnlyAClientThatSaysSoWaitsFor100) {
  Request request;
  EXPECT_FALSE(expects_continue(request));
  request.headers["expect"] = "100-Continue";
  EXPECT_TRUE(expects_continue(request));
}

}  // namespace
}  // namespace guard::api
