// SPDX-License-Identifier: Apache-2.0
//
// Rules for what a job runs on: its queue, its containers as cAdvisor has them, its machine as node_exporter has it.
// Blocks as long as the server does; any thread.
#pragma once

#include "guard/replay/proposing.hpp"

namespace guard::replay {

// Each adds to `proposal`, and says what cannot be asked.
void propose_queue(const Questions& questions, const Names& names, Proposal& proposal);

// Those of all containers that are named most like the job.
void propose_containers(const Questions& questions, Proposal& proposal);

// All containers, for the job that tells of them: whose they are nobody knows, and a full one is a reason to look.
void propose_all_containers(const Questions& questions, Proposal& proposal);

// `job` is the one of node_exporter. A machine is a reason to look, not to roll back.
void propose_machine(const Names& names, const std::string& job, Proposal& proposal);

// The machine of a service, where there is but one that it can run on.
void propose_only_machine(const Questions& questions, Proposal& proposal);

}  // namespace guard::replay
