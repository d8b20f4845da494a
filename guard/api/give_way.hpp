// SPDX-License-Identifier: Apache-2.0
//
// Which connection ends when there is no room for a new one. Whoever holds many of them, or has shown nothing yet, must
// not keep everybody else out (slow heads and bodies: "slowloris"). Loop thread only.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace guard::api {

enum class Standing {
  idle,      // no request is under way
  stranger,  // sends a request, or is sent an answer, and has shown no token
  asking,    // a request by a known sender, which is not complete
  busy,      // the guard works on it, answers, or tells it what happens
  leaving    // answered for the last time; what the client still sends is read and forgotten
};

class Connection {
 public:
  virtual ~Connection() = default;
  virtual Standing standing() const = 0;
  // Whose it is: the sender's address until it has shown a token, then the token's name.
  virtual const std::string& sender() const = 0;
  // Ends now if no request is under way, else after the answer.
  virtual void end() = 0;
  // Ends now.
  virtual void give_way() = 0;
};

// How many stand that way.
std::size_t count(const std::vector<Connection*>& open, Standing standing);

// The one that stands that way longest, or nullptr. `open` is in the order in which their requests began.
Connection* oldest(const std::vector<Connection*>& open, Standing standing);

// The one to end for a new one, or nullptr where all are busy or leaving: the oldest idle one, else the oldest stranger
// of the sender that has most of them, else the same of those that are asking.
Connection* first_to_go(const std::vector<Connection*>& open);

}  // namespace guard::api
