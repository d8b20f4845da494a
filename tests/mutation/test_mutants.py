# SPDX-License-Identifier: Apache-2.0
import threading

import mutants
import mutate


def changes(line):
    return [m.after for m in mutants.of_text("a.cpp", line)]


def test_a_comparison_is_moved_and_the_condition_fixed():
    assert changes("  if (age < window) return;") == [
        "  if (age <= window) return;", "  if (true) return;", "  if (false) return;"]


def test_each_place_of_an_operator_is_a_mutant_of_its_own():
    assert changes("  const bool open = a && b && c;") == [
        "  const bool open = a || b && c;", "  const bool open = a && b || c;"]


def test_a_call_and_an_assignment_can_be_left_out():
    assert changes("  state.reason = why;") == [""]
    assert changes("  draft.note(id, text);") == [""]


def test_a_declaration_stays():
    assert changes("  const auto now = clock.now();") == []


def test_words_comments_and_tables_are_no_code():
    assert changes('  return "a < b";') == []
    assert changes("  return a;  // a < b") == []
    assert changes('  EnumName<P>{P::passed, "passed"},') == []


def test_a_mutant_changes_its_line_alone():
    text = "int f() {\n  return true;\n}\n"
    only, = mutants.of_text("a.cpp", text)
    assert mutants.applied(text, only) == "int f() {\n  return false;\n}\n"


def test_a_mutant_is_named_without_its_line_number():
    first, = mutants.of_text("a.cpp", "  return true;")
    later, = mutants.of_text("a.cpp", "\n\n  return true;")
    assert first.key() == later.key() == "a.cpp: return true; => return false;"


def test_each_that_means_the_same_is_a_mutant_of_the_code_as_it_is():
    for key in mutate.equivalents():
        path = key.split(":")[0]
        assert key in {m.key() for m in mutants.of_text(path, (mutate.ROOT / path).read_text())}, key


def test_a_mutant_is_looked_at_by_its_own_room_and_those_above_it():
    assert mutate.rooms_that_look_at("guard/core/verdict.cpp") == ["guard/core", "guard/story", "guard/engine"]
    assert mutate.rooms_that_look_at("guard/engine/scheduler.cpp") == ["guard/engine"]
    assert mutate.rooms_that_look_at("guard/http/client.cpp") == mutate.ROOMS


def test_what_failed_stays_so_whatever_ends_well_after_it():
    failed = threading.Event()
    assert not mutate.all_hold([lambda: failed.wait(60), lambda: failed.set()], jobs=2)


def test_after_a_failure_nothing_more_begins():
    begun = []
    assert not mutate.all_hold([lambda: False, lambda: begun.append(1)], jobs=1)
    assert not begun
