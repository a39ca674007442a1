#!/usr/bin/env bash
# Request Tracker 5 (Debian's packages) on loopback with SQLite, REST 2.0, a queue, custom fields for our key, and an account with a token.
#
#   WORK=dir RT_PORT=port request-tracker.sh start | stop
#
# start    makes the database, starts the server, waits until it answers; the token is in WORK/request-tracker/token
# stop     ends the process that start started
#
# Nothing under /etc or /var is used or changed. No mail leaves: it is written to a file.
set -euo pipefail
dir=${WORK:?set WORK to a working directory}/request-tracker
port=${RT_PORT:?set RT_PORT to a free port}
pidfile=$dir/pid
log=$dir/rt.log
mkdir -p "$dir"/{etc,var,mason,sessions,none}; cd "$dir"
export PATH=$PATH:/usr/sbin:/sbin
export RT_SITE_CONFIG=$dir/etc/RT_SiteConfig.pm RT_SITE_CONFIG_DIR=$dir/none RT_MAILLOGFILE=$dir/mail.log

running() { [ -s "$pidfile" ] && tr '\0' ' ' 2>/dev/null <"/proc/$(cat "$pidfile")/cmdline" | grep -q 'rt-server'; }

database() {
  cat >"$RT_SITE_CONFIG" <<P
Set(\$rtname, 'cordon.test'); Set(\$Organization, 'cordon.test');
Set(\$DatabaseType, 'SQLite'); Set(\$DatabaseName, '$dir/var/rt.sqlite');
Set(\$WebDomain, '127.0.0.1'); Set(\$WebPort, $port); Set(\$WebPath, '');
Set(\$CanonicalizeRedirectURLs, 0);
Set(\$CorrespondAddress, 'rt\@example.test'); Set(\$CommentAddress, 'rt-comment\@example.test');
Set(\$MailCommand, 'testfile');
Set(\$LogToSTDERR, 'warning'); Set(\$LogToSyslog, undef);
\$RT::MasonDataDir = '$dir/mason'; \$RT::MasonSessionDir = '$dir/sessions';
1;
P
  [ -s token ] && return
  rm -f "$dir"/var/*
  cat >"$dir/etc/data.pl" <<'P'
our @Queues = ({ Name => 'Security', Description => 'Incidents' });
our @Users = ({ Name => 'cordon', Password => 'made-up-password', Privileged => 1, EmailAddress => 'cordon@example.test' });
our @CustomFields = (
    { Name => 'Cordon Key', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', ApplyTo => ['Security'],
      Description => 'Key of the step that opened the ticket' },
    { Name => 'Unique Key', Type => 'FreeformSingle', LookupType => 'RT::Queue-RT::Ticket', ApplyTo => ['Security'],
      Description => 'The same, with unique values: RT drops such a value when it is there already', UniqueValues => 1 },
);
our @ACL = map { { UserId => 'cordon', Queue => 'Security', Right => $_ } }
    qw(SeeQueue CreateTicket ShowTicket ShowTicketComments CommentOnTicket ReplyToTicket ModifyTicket SeeCustomField ModifyCustomField);
our @Final = (sub {
    my $user = RT::User->new(RT->SystemUser); $user->Load('cordon') or die;
    my ($ok, $msg, $token) = RT::AuthToken->new(RT->SystemUser)->Create(Owner => $user->Id, Description => 'cordon');
    die $msg unless $ok;
    open my $f, '>', "$ENV{RT_TOKEN_FILE}.new" or die; print $f "$token\n"; close $f;
    rename "$ENV{RT_TOKEN_FILE}.new", $ENV{RT_TOKEN_FILE} or die;
});
P
  rt-setup-database-5 --action init --skip-create --dba root >setup.log 2>&1
  RT_TOKEN_FILE=$dir/token rt-setup-database-5 --action insert --skip-create --dba root --datafile "$dir/etc/data.pl" >>setup.log 2>&1
  [ -s token ] || { tail -20 setup.log >&2; exit 1; }
}

start() {
  database
  nohup /usr/share/request-tracker5/libexec/rt-server --host 127.0.0.1 --port "$port" --max-workers 4 </dev/null >"$log" 2>&1 &
  echo $! >"$pidfile"
  for _ in $(seq 600); do # 120 s
    [ "$(curl -s -m 5 -o /dev/null -w '%{http_code}' -H "Authorization: token $(cat token)" "http://127.0.0.1:$port/REST/2.0/rt")" = 200 ] && return
    kill -0 "$(cat "$pidfile")" 2>/dev/null || break
    sleep 0.2
  done
  echo 'Request Tracker did not start' >&2; tail -20 "$log" >&2; exit 1
}

stop() {
  if running; then
    local pid kids; pid=$(cat "$pidfile"); kids=$(cat "/proc/$pid/task/$pid/children"); kill "$pid"
    for _ in $(seq 100); do running || break; sleep 0.1; done
    # shellcheck disable=SC2086
    if running; then kill -9 "$pid" $kids || true; fi
  fi
  rm -f "$pidfile"
}

case ${1:-} in
  start) start ;;
  stop) stop ;;
  *) sed -n '2,9p' "$0"; exit 2 ;;
esac
