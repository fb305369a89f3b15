import type { SimulatorContext } from '../options.ts';
import { answer, type Simulator } from '../simulator.ts';
import { twilioError } from '../twilio/errors.ts';
import { type AgentsWorld, type ChatChannel, newSid, type Session } from './flex-account.ts';
import { notFound, paged, partError, twilioPart } from './twilio-part.ts';

const shownChannel = (channel: ChatChannel) => ({
  sid: channel.sid,
  service_sid: channel.serviceSid,
  attributes: channel.attributes,
  date_created: channel.at,
});

/** Programmable Chat, as far as Flex used it. */
export function createChatSimulator(context: SimulatorContext, world: AgentsWorld): Simulator {
  const channelPath = /^\/v2\/Services\/(IS\w{32})\/Channels\/(CH\w{32})$/;
  const of = ([service, sid = '']: readonly string[]): ChatChannel | undefined => {
    const channel = world.channels.get(sid);
    return channel?.serviceSid === service ? channel : undefined;
  };
  return twilioPart(
    'chat',
    context,
    [
      [
        'GET',
        channelPath,
        ({ sids }) => {
          const channel = of(sids);
          return channel ? answer(200, shownChannel(channel)) : notFound();
        },
      ],
      [
        'POST',
        channelPath,
        ({ sids, form }) => {
          const channel = of(sids);
          if (!channel) return notFound();
          channel.attributes = form.get('Attributes') ?? channel.attributes;
          return answer(200, shownChannel(channel));
        },
      ],
      [
        'POST',
        /^\/v2\/Services\/(IS\w{32})\/Channels\/(CH\w{32})\/Messages$/,
        ({ sids, form }) => {
          const channel = of(sids);
          if (!channel) return notFound();
          const body = form.get('Body') ?? '';
          if (body === '') return twilioError(20001);
          const message = world.addMessage(channel, form.get('From') ?? 'system', body);
          return answer(201, {
            sid: message.sid,
            channel_sid: channel.sid,
            from: message.author,
            body: message.body,
            index: message.index,
            date_created: message.at,
          });
        },
      ],
      [
        'GET',
        /^\/v2\/Services\/(IS\w{32})\/Users\/([^/]+)\/Channels$/,
        ({ sids: [service, user = ''], query }) => {
          const identity = decodeURIComponent(user);
          const found = [...world.channels.values()].filter(
            (one) => one.serviceSid === service && one.identity === identity,
          );
          if (found.length === 0) return notFound();
          const channels = found.map(({ sid }) => ({ channel_sid: sid, status: 'joined' }));
          return paged(
            channels,
            'channels',
            query,
            `/v2/Services/${service}/Users/${user}/Channels`,
          );
        },
      ],
    ],
    { accepted: () => world.channels.values() },
  );
}

const shownSession = (session: Session) => ({
  sid: session.sid,
  service_sid: session.serviceSid,
  unique_name: session.uniqueName,
  status: session.status,
  mode: 'message-only',
  date_created: session.at,
  date_updated: session.at,
});

/** Proxy sessions. https://www.twilio.com/docs/proxy/api/session */
export function createProxySimulator(context: SimulatorContext, world: AgentsWorld): Simulator {
  const list = /^\/v1\/Services\/(KS\w{32})\/Sessions$/;
  const one = /^\/v1\/Services\/(KS\w{32})\/Sessions\/(KC\w{32})$/;
  const of = ([service, sid = '']: readonly string[]): Session | undefined => {
    const session = world.sessions.get(sid);
    return session?.serviceSid === service ? session : undefined;
  };
  return twilioPart(
    'proxy',
    context,
    [
      [
        'GET',
        list,
        ({ sids: [service = ''], query }) => {
          const all = [...world.sessions.values()].filter((s) => s.serviceSid === service);
          const path = `/v1/Services/${service}/Sessions`;
          return paged(all.map(shownSession), 'sessions', query, path);
        },
      ],
      [
        'POST',
        list,
        ({ sids: [service = ''], form }) => {
          const uniqueName = form.get('UniqueName') ?? '';
          if (uniqueName === '' || !form.get('Participants')) return twilioError(20001);
          if ([...world.sessions.values()].some((s) => s.uniqueName === uniqueName)) {
            return partError(400, 80603, 'Session UniqueName must be unique.');
          }
          const session: Session = {
            sid: newSid('KC'),
            serviceSid: service,
            uniqueName,
            at: world.now(),
            status: 'open',
          };
          world.sessions.set(session.sid, session);
          return answer(201, shownSession(session));
        },
      ],
      [
        'GET',
        one,
        ({ sids }) => {
          const session = of(sids);
          return session ? answer(200, shownSession(session)) : notFound();
        },
      ],
      [
        'POST',
        one,
        ({ sids, form }) => {
          const session = of(sids);
          if (!session) return notFound();
          if (form.get('Status') === 'closed') session.status = 'closed';
          return answer(200, shownSession(session));
        },
      ],
      [
        'DELETE',
        one,
        ({ sids }) => {
          const session = of(sids);
          if (!session) return notFound();
          world.sessions.delete(session.sid);
          return answer(204);
        },
      ],
    ],
    { accepted: () => world.sessions.values() },
  );
}
