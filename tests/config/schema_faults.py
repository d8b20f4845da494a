# SPDX-License-Identifier: Apache-2.0
"""The bad files of tests/testdata/config whose fault no schema can see, and why. What is not listed here must be."""

PROMQL = "what PromQL and templates may say, only the parser reads"
BOUNDS = "how large a value may be, and which side of another one it must lie on, no pattern says"
ELSEWHERE = "it depends on another part of the file: `defaults`, the kind of the rule, the times of the group"
TWICE = "that two entries are the same, or exclude each other"
LETTERS = "the names of what has no list of its own: annotations, headers, parameters"
YAML = "it is read before any schema sees it: anchors, tags, characters"
MACHINE = "it is about other files, or this machine"

RULES = {
    PROMQL: """alerts_regex annotation_template expr_bracket_open expr_bracket_other expr_bracket_stray expr_quote_open detect_template error_budget_template error_budget_function histogram_of_classic
               match_syntax match_template count_function serves_bracket_open share_function template_bare template_name template_open
               threshold_before_expr threshold_in_block threshold_in_expr""",
    BOUNDS: """baseline_zero breaches_order fatal_meets_objective fatal_same_side fatal_unit fatal_weaker
               fatal_without_side error_budget_objective_above freeze_for_zero requires_preflight_zero interval_too_short objective_infinite objective_negative_time objective_too_large
               serves_within_zero share_objective_above share_objective_all times_far_too_long verify_zero
               within_percent""",
    ELSEWHERE: """alerts_objective control_of_baseline count_objective count_over_short baseline_in_seconds baseline_missing baseline_unused breaches_too_long for_too_long contacts_empty
                  call_missing call_without_action error_budget_objective hook_missing mode_missing policy_missing policy_missing_everywhere rollback_missing serves_within_alone requires_for_alone requires_nothing
                  window_missing window_too_short""",
    TWICE: "baseline_over_twice control_of_expr_same control_same for_and_breaches group_name_twice histogram_and_good slo_twice",
    LETTERS: "annotation_name long_line",
    YAML: "alias control_character not_utf8 tag",
}

TESTS = {
    ELSEWHERE: """by_without_decision nothing_expected release_missing slo_unknown values_of_others""",
    PROMQL: "series_without_value values_unknown_item",
    BOUNDS: "interval_zero",
    TWICE: "name_twice series_twice signal_twice",
    MACHINE: "release_unmatched rule_file_broken rule_file_missing",
}

CONFIG = {
    PROMQL: "argument_template program_template",
    BOUNDS: """authorization_basic proxy_range breaker_of_one external_url_query freeze_order freeze_weekly_empty hook_attempts hook_backoff receivers_too_many timeout_zero
               url_port url_query""",
    TWICE: "basic_auth_and_authorization clients_twice web_users_twice freeze_both hook_twice receiver_twice tls_half token_name_twice token_value_twice",
    LETTERS: "header_authorization header_lines header_name header_own params_own proxy_header",
    ELSEWHERE: "clients_without_ca",
    MACHINE: """dir_missing freeze_zone_unknown group_in_two_files hook_unknown password_file_missing program_in_path program_is_a_folder
                program_missing program_not_executable prometheus_missing receiver_address receiver_no_file rule_file_broken rule_file_no_yaml
                rule_files_is_a_folder rule_files_without_match secret_base64 secret_missing secret_short tls_ca_missing
                token_blanks token_empty token_short github_secret_short""",
}

WEB = {
    BOUNDS: "http2 tls_versions",
    ELSEWHERE: "ca_without_client_auth client_auth_without_ca",
}

CLIENT = {
    BOUNDS: "server_query",
    ELSEWHERE: "half_certificate",
}


def only_the_parser(kind):
    """{name of the file: why} of the bad files of this kind."""
    reasons = {"rules": RULES, "tests": TESTS, "config": CONFIG, "web": WEB, "client": CLIENT}[kind]
    return {f"{name}.bad.yml": why for why, names in reasons.items() for name in names.split()}
