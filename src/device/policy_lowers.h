/*
 * What a change of a device's risk policy takes away from protection: such a change is for an
 * approver, whatever else somebody may do to a device. What tightens is for everybody who may
 * change device.yaml.
 *
 *   approvals, undecided_days, decision_days, epss_high, score_raise   see the table
 *   bands       another number, name or level of them: not comparable
 *   matrix      a cell that was uncontrolled, or one that was open, is no longer so
 *   trusted_suppliers   one more
 *   deciders    one more, or everybody
 *   clocks      one is gone, is another one, or is longer
 *   acceptance, holidays, zone   other ones: not comparable
 *
 * What cannot be compared lowers it. The words about the policy document itself do not count.
 *
 * Which deadlines the law has for a device is no policy, and is stated beside it: whoever changes
 * that takes deadlines away, too.
 *
 *   markets     one in which neither the device nor a variant is sold any more
 *   medical     another kind of product: other rules
 *   us_federal_customers   none any more: no BOD 26-04
 *   manufacturer.isao_member   waives the report of a correction (21 CFR 806)
 */
#ifndef TU_DEVICE_POLICY_LOWERS_H
#define TU_DEVICE_POLICY_LOWERS_H

#include <tutela/arena.h>
#include <tutela/device.h>
#include <tutela/error.h>

#include "base/vec.h"

struct tu_policy_lowered {
	TU_VEC(struct tu_str) list; /* sentences in the arena: "approvals: 1 instead of 2" */
};

/* Append what `after` lowers. TU_E_NOMEM. */
TU_NODISCARD enum tu_status tu_policy_lowers(struct tu_arena *arena,
	const struct tu_risk_policy *before, const struct tu_risk_policy *after,
	struct tu_policy_lowered *out, struct tu_error *err);

/* The same of the whole device: of its policy, and of what says which deadlines it has. */
TU_NODISCARD enum tu_status tu_device_lowers(struct tu_arena *arena, const struct tu_device *before,
	const struct tu_device *after, struct tu_policy_lowered *out, struct tu_error *err);

#endif
