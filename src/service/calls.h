/*
 * All calls of a data folder (datadir/calls.h): its own, and those that need what lies above it.
 */
#ifndef TU_SERVICE_CALLS_H
#define TU_SERVICE_CALLS_H

#include "datadir/calls.h"

/* push, pull */
extern const struct tu_call_table tu_device_calls;
/* proposals, proposal, approve, reject */
extern const struct tu_call_table tu_proposal_calls;

/* setup.token, user.unlock, user.reset-factor, user.link, user.unlink, sso.secret */
extern const struct tu_call_table tu_access_calls;

/* notify.list, notify.test, notify.look */
extern const struct tu_call_table tu_notify_calls;
/* doctor: that of datadir/doctor.h, with what layers above it know */
extern const struct tu_call_table tu_doctor_calls;

/* For commands: without a host. A service has a copy with itself as the host. */
extern const struct tu_calls tu_service_calls;

/* status, knowledge.put, job.*, stop, reload */
extern const struct tu_call_table tu_service__calls;

#endif
