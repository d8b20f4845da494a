// SPDX-License-Identifier: Apache-2.0
#include "guard/store/group_json.hpp"

#include "guard/store/stored_json.hpp"

// `fields` is found by argument-dependent lookup through the archive, so it stands in the archive's own namespace.
namespace guard::store {

template <class Archive, Is<model::Objective> T>
void fields(Archive& archive, T& objective) {
  archive("comparison", objective.comparison);
  archive("bound", objective.bound);
  archive("unit", objective.unit);
  archive("of_baseline", objective.of_baseline);
}

template <class Archive, Is<model::BreachPolicy> T>
void fields(Archive& archive, T& policy) {
  archive("sustained", policy.sustained);
  archive("count", policy.count);
  archive("of", policy.of);
}

template <class Archive, Is<model::Baseline> T>
void fields(Archive& archive, T& baseline) {
  archive("over", baseline.over);
  archive("offset", baseline.offset);
}

template <class Archive, Is<model::Control> T>
void fields(Archive& archive, T& control) {
  archive("part", control.part);
  archive("total", control.total);
  archive("who", control.who);
}

template <class Archive, Is<model::Limit> T>
void fields(Archive& archive, T& limit) {
  archive("value", limit.value);
  archive("unit", limit.unit);
}

template <class Archive, Is<model::Share> T>
void fields(Archive& archive, T& share) {
  archive("part", share.part);
  archive("total", share.total);
  archive("part_is_good", share.part_is_good);
  archive("within", share.within);
  archive("confidence", share.confidence);
  archive("min_events", share.min_events);
  archive("proof", share.proof);
  archive("control", share.control);
}

template <class Archive, Is<model::Count> T>
void fields(Archive& archive, T& count) {
  archive("events", count.events);
  archive("confidence", count.confidence);
}

template <class Archive, Is<model::Remedy> T>
void fields(Archive& archive, T& remedy) {
  archive("hook", remedy.hook);
  archive("within", remedy.within);
  archive("then", remedy.then);
}

template <class Archive, Is<model::Rule> T>
void fields(Archive& archive, T& rule) {
  archive("slo", rule.slo);
  archive("kind", rule.kind);
  archive("expr", rule.expr);
  archive("share", rule.share);
  archive("count", rule.count);
  archive("alerts", rule.alerts);
  archive("signal", rule.signal);
  archive("objective", rule.objective);
  archive("fatal", rule.fatal);
  archive("breach", rule.breach);
  archive("only_if", rule.only_if);
  archive("baselines", rule.baselines);
  archive("reduce", rule.reduce);
  archive("max_age", rule.max_age);
  archive("on_no_data", rule.on_no_data);
  archive("on_error", rule.on_error);
  archive("on_too_few", rule.on_too_few);
  archive("action", rule.action);
  archive("remedy", rule.remedy);
  archive("control", rule.control);
  archive("preexisting", rule.preexisting);
  archive("annotations", rule.annotations);
}

template <class Archive, Is<model::RollbackSettings> T>
void fields(Archive& archive, T& settings) {
  archive("hook", settings.hook);
  archive("mode", settings.mode);
  archive("verify", settings.verify);
  archive("cooldown", settings.cooldown);
}

template <class Archive, Is<model::Requirement> T>
void fields(Archive& archive, T& requirement) {
  archive("environment", requirement.environment);
  archive("stood", requirement.stood);
  archive("action", requirement.action);
  archive("allow", requirement.allow);
  archive("preflight", requirement.preflight);
}

template <class Archive, Is<model::FreezePolicy> T>
void fields(Archive& archive, T& policy) {
  archive("lasts", policy.lasts);
  archive("after", policy.after);
  archive("allow", policy.allow);
}

template <class Archive, Is<model::Contacts> T>
void fields(Archive& archive, T& contacts) {
  archive("primary", contacts.primary);
  archive("secondary", contacts.secondary);
  archive("lead", contacts.lead);
}

template <class Archive, Is<model::RuleGroup> T>
void fields(Archive& archive, T& group) {
  archive("name", group.name);
  archive("file", group.file);
  archive("match", group.match);
  archive("window", group.window);
  archive("settle", group.settle);
  archive("interval", group.interval);
  archive("serves", group.serves);
  archive("serves_within", group.serves_within);
  archive("requirement", group.requirement);
  archive("freeze", group.freeze);
  archive("contacts", group.contacts);
  archive("rollback", group.rollback);
  archive("rules", group.rules);
}

std::string encode(const model::RuleGroup& group) {
  return json::serialize(JsonWriter::write(group));
}

Result<model::RuleGroup> decode_group(std::string_view text) {
  const auto value = parse_stored(text);
  if (!value) return std::unexpected(value.error());
  return JsonReader::read_whole<model::RuleGroup>(*value);
}

}  // namespace guard::store
