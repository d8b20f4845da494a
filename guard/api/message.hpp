// SPDX-License-Identifier: Apache-2.0
//
// An HTTP request and its response as plain values, so that handlers know nothing of sockets. Pure.
#pragma once

#include "guard/base/error.hpp"
#include "guard/base/json.hpp"
#include "guard/config/settings.hpp"

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace guard::api {

class Feed;

struct Request {
  std::string method;
  std::string path;                          // percent-decoded, without the query
  std::map<std::string, std::string> query;  // percent-decoded
  // Of the query what has a name that ends in "[]": this alone may be given more than once.
  std::map<std::string, std::vector<std::string>> lists;
  std::map<std::string, std::string> headers;  // names in lower case
  std::set<std::string> repeated;              // those that were given more than once; `headers` has the first
  std::string body;
  std::string peer;                          // where it came from, for the log
  bool from_this_machine = false;            // the connection came over loopback
  std::vector<std::string> certified_names;  // of the certificate that the client has shown and proved
  std::string actor;                         // who asks, for timeline and log
  config::Role role = config::Role::read;    // what they may do
  bool signed_in = false;                    // they are known by the page's cookie
  bool may_read = false;                     // it was shown that the sender may read what the guard knows
  std::vector<std::string> parameters;       // what {id} stood for

  // The header's value, or empty.
  std::string header(const std::string& lower_case_name) const;
  // What the query says under that name, or empty; all of it where the name ends in "[]".
  std::string parameter(const std::string& name) const;
  std::vector<std::string> list(const std::string& name) const;
};

// The Content-Type without its parameters, in lower case; empty where there is none.
std::string media_type(const Request& request);

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::map<std::string, std::string> headers;
  std::shared_ptr<Feed> feed;  // present: instead of a body, what it gives from now on (event_session.hpp)
};

// Called once, on the loop thread, perhaps before the handler returns.
using Reply = std::function<void(Response)>;

// {"error": …, "code": …}, with the status that the code means or with another one.
Response error_response(const Error& error);
Response error_response(int status, const Error& error);

// `body` as text/plain, or as the type given.
Response text_response(int status, std::string body, std::string content_type = "text/plain; charset=utf-8");

// 302 to the page, whose address is given as seen from where the visitor is.
Response redirect_response(std::string to_page);

Response json_response(int status, const json::value& value);

// 200 with a page that may load and run nothing, whatever text got into it.
Response html_response(std::string body);

}  // namespace guard::api
