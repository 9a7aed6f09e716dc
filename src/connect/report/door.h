/*
 * What the operations of the door have in common.
 */
#ifndef TU_CONNECT_REPORT_DOOR_H
#define TU_CONNECT_REPORT_DOOR_H

#include "api/call.h"
#include "portfolio/inbox.h"

/* The settings, in the call's arena. TU_E_NOTFOUND: there is no form. */
TU_NODISCARD enum tu_status tu_report__settings(
	struct tu_api_call *call, struct tu_inbox_settings *out, struct tu_error *err);
/* Refuse what a page of another site has sent: nobody reports with somebody else's browser. */
TU_NODISCARD enum tu_status tu_report__check_site(struct tu_api_call *call, struct tu_error *err);
/* The answer is this page, under the policy of forms; the buffer is taken over. */
TU_NODISCARD enum tu_status tu_report__answer(
	struct tu_api_call *call, struct tu_buf *page, struct tu_error *err);

#endif
