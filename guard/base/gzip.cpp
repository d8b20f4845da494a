// SPDX-License-Identifier: Apache-2.0
#include "guard/base/gzip.hpp"

#include <new>

#include <zlib.h>

namespace guard {

std::string gzip(std::string_view text) {
  constexpr int with_gzip_head = 16;  // added to the size of the window (zlib.h)
  constexpr int usual_memory = 8;
  z_stream stream{};
  if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + with_gzip_head, usual_memory,
                   Z_DEFAULT_STRATEGY) != Z_OK)
    throw std::bad_alloc();
  std::string out(deflateBound(&stream, text.size()), '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));  // zlib only reads it
  stream.avail_in = static_cast<uInt>(text.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);  // into room for all of it, so it ends
  out.resize(stream.total_out);
  deflateEnd(&stream);
  out.shrink_to_fit();  // it waits for a client that may be slow
  return out;
}

}  // namespace guard
