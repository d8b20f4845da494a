// SPDX-License-Identifier: Apache-2.0
#include "tests/sim/random.hpp"

#include <bit>
#include <cmath>

namespace guard::sim {
namespace {

// Below this mean counting one by one is as fast as splitting.
constexpr double few = 16;

std::uint64_t splitmix(std::uint64_t& state) {
  state += 0x9e3779b97f4a7c15U;
  auto z = state;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

// Product of uniforms until it falls below e^-mean.
std::int64_t few_poisson(Random& random, double mean) {
  const auto limit = std::exp(-mean);
  std::int64_t count = 0;
  for (auto product = random.uniform(); product > limit; product *= random.uniform()) ++count;
  return count;
}

// Inversion: walks up the distribution, term by term. `trials * probability` is small.
std::int64_t few_binomial(Random& random, std::int64_t trials, double probability) {
  const auto odds = probability / (1 - probability);
  auto term = std::exp(static_cast<double>(trials) * std::log1p(-probability));
  auto left = random.uniform();
  std::int64_t count = 0;
  while (left > term && count < trials) {
    left -= term;
    ++count;
    term *= odds * static_cast<double>(trials - count + 1) / static_cast<double>(count);
  }
  return count;
}

}  // namespace

Random::Random(std::uint64_t seed) {
  for (auto& word : state_) word = splitmix(seed);
}

std::uint64_t Random::next() {
  const auto result = std::rotl(state_[1] * 5, 7) * 9;
  const auto shifted = state_[1] << 17U;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double Random::uniform() {
  return static_cast<double>(next() >> 11U) * 0x1.0p-53;
}

double Random::between(double low, double high) {
  return low + (high - low) * uniform();
}

double Random::log_between(double low, double high) {
  return std::exp(between(std::log(low), std::log(high)));
}

int Random::below(int end) {
  return static_cast<int>(uniform() * end);
}

double Random::exponential(double mean) {
  return -mean * std::log1p(-uniform());
}

// Marsaglia's polar method; the second number of the pair is not kept, so that the state is the generator's alone.
double Random::normal() {
  while (true) {
    const auto x = between(-1, 1);
    const auto y = between(-1, 1);
    const auto square = x * x + y * y;
    if (square > 0 && square < 1) return x * std::sqrt(-2 * std::log(square) / square);
  }
}

double Random::gamma(double shape) {
  if (shape < 1) return gamma(shape + 1) * std::pow(1 - uniform(), 1 / shape);
  const auto d = shape - 1.0 / 3;
  const auto c = 1 / std::sqrt(9 * d);
  while (true) {
    const auto x = normal();
    const auto v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
  }
}

double Random::beta(double a, double b) {
  const auto x = gamma(a);
  const auto y = gamma(b);
  return x + y > 0 ? x / (x + y) : 0;
}

std::int64_t Random::poisson(double mean) {
  std::int64_t count = 0;
  while (mean > few) {
    const auto events = std::floor(mean * 7 / 8);
    const auto when = gamma(events);  // of the event with this number
    if (when > mean) return count + binomial(static_cast<std::int64_t>(events) - 1, mean / when);
    count += static_cast<std::int64_t>(events);
    mean -= when;
  }
  return count + few_poisson(*this, mean);
}

std::int64_t Random::binomial(std::int64_t trials, double probability) {
  if (probability >= 1) return trials;
  if (probability > 0.5) return trials - binomial(trials, 1 - probability);
  std::int64_t count = 0;
  while (trials > 0 && static_cast<double>(trials) * probability > few) {
    const auto middle = 1 + trials / 2;  // the trial whose rank among the uniforms is this
    const auto value = beta(static_cast<double>(middle), static_cast<double>(trials + 1 - middle));
    if (value >= probability) {
      trials = middle - 1;
      probability /= value;
    } else {
      count += middle;
      trials -= middle;
      probability = (probability - value) / (1 - value);
    }
  }
  if (trials <= 0 || probability <= 0) return count;
  if (probability > 0.5) return count + trials - few_binomial(*this, trials, 1 - probability);
  return count + few_binomial(*this, trials, probability);
}

}  // namespace guard::sim
