/* A job with its first allocation failing, then the second, …, until none fails any more: each
 * failure is reported as what it is. */
#ifndef TU_TESTS_FAULTS_H
#define TU_TESTS_FAULTS_H

#include <tutela/error.h>

#include "base/fault.h"

/* `job` sets up what it needs, calls tu_fault_set(nth), does its work, keeps tu_fault_count() in
 * *out_asked and disarms. It checks itself that an answer is the same as without a failure: a job
 * may do without the memory, but not give another answer. `whole`: its status when none fails. */
typedef enum tu_status fault_job(void *context, size_t nth, size_t *out_asked);

static inline void fail_each(fault_job *job, void *context, enum tu_status whole, size_t least)
{
	size_t nth = 0, asked = 0, reported = 0;

	do {
		enum tu_status status = job(context, ++nth, &asked);

		reported += status == TU_E_NOMEM;
		if (status != whole && (status != TU_E_NOMEM || asked < nth))
			fail_msg("allocation %zu of %zu: %s", nth, asked, tu_status_name(status));
	} while (asked >= nth);
	assert_true(reported >= least);
}

#endif
