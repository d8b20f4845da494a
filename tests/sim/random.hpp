// SPDX-License-Identifier: Apache-2.0
//
// Random numbers that are the same for one seed with every compiler and standard library: the generator and each
// distribution are written here, since those of <random> may differ between implementations. One owner each.
//
// Sources: xoshiro256** and splitmix64 of Blackman and Vigna (prng.di.unimi.it); Marsaglia and Tsang, "A simple method
// for generating gamma variables" (2000); the reductions of Poisson and binomial to gamma and beta are of Ahrens and
// Dieter (1974), as in Devroye, "Non-Uniform Random Variate Generation", X.3.3 and X.4.4.
#pragma once

#include <array>
#include <cstdint>

namespace guard::sim {

class Random {
 public:
  explicit Random(std::uint64_t seed);

  std::uint64_t next();
  double uniform();                             // in [0, 1)
  double between(double low, double high);      // evenly
  double log_between(double low, double high);  // evenly over orders of magnitude
  int below(int end);                           // 0 ... end - 1
  bool chance(double probability) { return uniform() < probability; }

  double exponential(double mean);
  double normal();
  double gamma(double shape);
  double beta(double a, double b);
  std::int64_t poisson(double mean);
  std::int64_t binomial(std::int64_t trials, double probability);

 private:
  std::array<std::uint64_t, 4> state_{};
};

}  // namespace guard::sim
