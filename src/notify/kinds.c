#include "notify/kinds.h"

#include <tutela/attr.h>

const struct tu_notice_kind tu_notice_kinds[] = {
	{"finding.new", "New finding", false},
	{"vulnerability.exploited", "A vulnerability is exploited", true},
	{"decision.propose", "A decision is proposed", false},
	{"decision.approve", "A decision is approved", false},
	{"decision.reject", "A decision is rejected", false},
	{"case.open", "A case is open", false},
	{"case.reopen", "A case is open again", false},
	{"case.close", "A case is closed", false},
	{"case.event", "An event of a case is recorded", false},
	{"signal.receive", "A signal was received", false},
	{"statement.draft", "A statement is drafted", false},
	{"statement.move", "A statement is in another state", false},
	{"release.sbom", "A release has an SBOM", false},
	{"release.state", "A release is in another state", false},
	{"deadline.near", "A deadline is near", true},
	{"deadline.missed", "A deadline was missed", true},
	{"job.quarantined", "A job was given up", false},
	{"message.quarantined", "A message could not be delivered", false},
	{"source.late", "A source of intelligence is late", false},
};
const size_t tu_notice_kind_count = TU_COUNT(tu_notice_kinds);

static const struct tu_notice_source sources[] = {
	{"rematch", "finding.new", TU_NOTICE_FINDINGS, TU_SQL_NOTIFY_NEW_OF_REMATCH, false},
	{"release.ingest", "release.sbom", TU_NOTICE_RELEASE, TU_SQL_NOTIFY_OF_RELEASE, false},
	{"release.correct", "release.sbom", TU_NOTICE_RELEASE, TU_SQL_NOTIFY_OF_RELEASE, false},
	{"release.state", "release.state", TU_NOTICE_RELEASE, TU_SQL_NOTIFY_OF_RELEASE, false},
	{"decision.propose", "decision.propose", TU_NOTICE_DECISION, TU_SQL_NOTIFY_OF_DECISION,
		false},
	{"decision.approve", "decision.approve", TU_NOTICE_DECISION, TU_SQL_NOTIFY_OF_DECISION,
		false},
	{"decision.reject", "decision.reject", TU_NOTICE_DECISION, TU_SQL_NOTIFY_OF_DECISION,
		false},
	{"case.open", "case.open", TU_NOTICE_CASE, TU_SQL_NOTIFY_OF_CASE, false},
	{"case.reopen", "case.reopen", TU_NOTICE_CASE, TU_SQL_NOTIFY_OF_CASE, false},
	{"case.close", "case.close", TU_NOTICE_CASE, TU_SQL_NOTIFY_OF_CASE, false},
	{"case.event", "case.event", TU_NOTICE_CASE, TU_SQL_NOTIFY_OF_CASE, false},
	{"signal.receive", "signal.receive", TU_NOTICE_SIGNAL, TU_SQL_NOTIFY_OF_SIGNAL, false},
	{"statement.draft", "statement.draft", TU_NOTICE_STATEMENT, TU_SQL_NOTIFY_OF_STATEMENT,
		false},
	{"statement.approve", "statement.move", TU_NOTICE_STATEMENT, TU_SQL_NOTIFY_OF_STATEMENT,
		false},
	{"statement.publish", "statement.move", TU_NOTICE_STATEMENT, TU_SQL_NOTIFY_OF_STATEMENT,
		false},
	{"statement.withdraw", "statement.move", TU_NOTICE_STATEMENT, TU_SQL_NOTIFY_OF_STATEMENT,
		false},
	{"person.password", "access.password", TU_NOTICE_PERSON, TU_SQL_NOTIFY_PERSON, true},
	{"factor.remove", "access.factor", TU_NOTICE_PERSON, TU_SQL_NOTIFY_PERSON, true},
	{"account.link", "access.account", TU_NOTICE_PERSON, TU_SQL_NOTIFY_PERSON, true},
	{"key.add", "access.key", TU_NOTICE_KEY, TU_SQL_NOTIFY_PERSON_OF_KEY, false},
};

const struct tu_notice_kind *tu_notice_kind_find(struct tu_str name)
{
	for (size_t i = 0; i < tu_notice_kind_count; i++)
		if (tu_str_eq(name, tu_str_c(tu_notice_kinds[i].name)))
			return &tu_notice_kinds[i];
	return NULL;
}

const struct tu_notice_source *tu_notice_source_find(struct tu_str action)
{
	for (size_t i = 0; i < TU_COUNT(sources); i++)
		if (tu_str_eq(action, tu_str_c(sources[i].action)))
			return &sources[i];
	return NULL;
}

static const struct {
	const char *kind, *words;
} access_words[] = {
	{"access.password", "Somebody else has set a new password for your account."},
	{"access.factor", "Somebody else has removed the second factor of your account."},
	{"access.account", "Somebody else has linked your account to one of single sign-on."},
	{"access.key", "A key was made that stands for your account."},
};

const char *tu_notice_access_words(struct tu_str kind)
{
	for (size_t i = 0; i < TU_COUNT(access_words); i++)
		if (tu_str_eq(kind, tu_str_c(access_words[i].kind)))
			return access_words[i].words;
	return NULL;
}
