import { Suspense, useEffect, useMemo, useState } from 'react';
import { NavLink, Outlet, useLocation, useNavigate } from 'react-router';
import { SessionWarning } from '../auth/session_warning';
import { useSession } from '../shared/session_context';
import { useShortcuts, type PageShortcut } from '../shared/shortcuts';
import { Waiting } from '../shared/ui';
import { useShiftClock } from '../triage/use_shift';
import { useWords } from '../words/words';
import { HelpOverlay } from './help_overlay';
import { LiveLamp } from './live_lamp';
import { roomsOf } from './navigation';
import { PersonMenu } from './person_menu';

function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" width="26" height="26" aria-hidden="true">
        <path className="brand-house" d="M4 14 16 5l12 9v13H4z" />
        <circle className="brand-lamp" cx="16" cy="18.5" r="4.5" />
      </svg>
      Porchlight
    </span>
  );
}

export function Shell() {
  const { t } = useWords();
  const session = useSession();
  useShiftClock(session.login);
  const navigate = useNavigate();
  const { pathname } = useLocation();
  const [menuOpen, setMenuOpen] = useState(false);
  const [helpOpen, setHelpOpen] = useState(false);
  const rooms = useMemo(() => roomsOf(session), [session]);

  useEffect(() => setMenuOpen(false), [pathname]);
  const shortcuts = useMemo<PageShortcut[]>(
    () => [
      { id: 'help', keys: ['?'], word: 'keys.help', run: () => setHelpOpen(true) },
      ...rooms.map((room) => ({
        id: room.path,
        keys: [room.keys],
        word: room.word,
        run: () => void navigate(room.path),
      })),
    ],
    [rooms, navigate],
  );
  useShortcuts(shortcuts);

  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        {t('shell.skip')}
      </a>
      <header className={menuOpen ? 'side side-open' : 'side'}>
        <div className="side-top">
          <Brand />
          <button
            type="button"
            className="menu-button"
            aria-expanded={menuOpen}
            aria-controls="side-menu"
            onClick={() => setMenuOpen(!menuOpen)}
          >
            {t('shell.menu')}
          </button>
        </div>
        <div className="side-menu" id="side-menu">
          <p className="centre-name">{session.centre_name}</p>
          <nav aria-label={t('shell.nav')}>
            <ul>
              {rooms.map((room) => (
                <li key={room.path}>
                  <NavLink to={room.path}>{t(room.word)}</NavLink>
                </li>
              ))}
            </ul>
          </nav>
          <div className="side-foot">
            <LiveLamp />
            <PersonMenu onHelp={() => setHelpOpen(true)} />
          </div>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <Suspense fallback={<Waiting />}>
          <Outlet />
        </Suspense>
      </main>
      <HelpOverlay open={helpOpen} onClose={() => setHelpOpen(false)} />
      <SessionWarning />
    </div>
  );
}
