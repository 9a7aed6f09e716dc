#include "app/context.h"

bool tu_app_is_cancelled(const struct tu_app_context *context)
{
	const struct tu_app_hook *hook = context->hook;

	return hook && hook->is_cancelled && hook->is_cancelled(hook->self);
}

enum tu_status tu_app_step(const struct tu_app_context *context, const char *step, unsigned done,
	unsigned total, struct tu_error *err)
{
	const struct tu_app_hook *hook = context->hook;

	if (tu_app_is_cancelled(context))
		return tu_fail(err, TU_E_CANCELLED, 0, "cancelled before the step \"%s\"", step);
	if (hook && hook->progress)
		hook->progress(hook->self, step, done, total);
	return TU_OK;
}
