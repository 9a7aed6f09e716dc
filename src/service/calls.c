#include "service/calls.h"

static const struct tu_call_table *const tables[] = {
	&tu_service__calls,
	&tu_doctor_calls, /* before the table that has another one */
	&tu_datadir_calls,
	&tu_device_calls,
	&tu_proposal_calls,
	&tu_people_calls,
	&tu_access_calls,
	&tu_notify_calls,
};

const struct tu_calls tu_service_calls = {tables, TU_COUNT(tables), NULL};
