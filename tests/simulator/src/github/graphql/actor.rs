//! People and bots.

use crate::company::people::{Actor, BOTS};
use crate::github::graphql::plan::Selection;
use crate::github::graphql::run::{Run, Written};
use crate::github::{WEB, app, ids};

impl<'a> Run<'a> {
    /// Writes whoever did something; null for an account that is gone.
    pub(super) fn actor(&mut self, selection: &'a Selection, actor: Actor) -> Written {
        match actor {
            Actor::Ghost => self.null(),
            Actor::Person(_) => self.user(selection, actor),
            Actor::Bot(place) => {
                let bot = &BOTS[usize::from(place)];
                let founded_at = self.present.company.founded_at;
                self.object("Bot", selection, |run, field| match field.name {
                    "id" => run.text(&ids::encode("BOT", &[bot.id as u32])),
                    "databaseId" => run.number(bot.id),
                    "login" => run.text(bot.login),
                    "url" => run.text(&format!("{WEB}/apps/{}", bot.login)),
                    "avatarUrl" => run.text(&format!("{WEB}/avatars/{}", bot.id)),
                    _ => run.time(founded_at),
                })
            }
        }
    }

    /// Writes the App whose installation looks, in the shape of a person as the vendor does.
    pub(super) fn app_itself(&mut self, selection: &'a Selection) -> Written {
        let founded_at = self.present.company.founded_at;
        self.object("User", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("BOT", &[app::ID as u32])),
            "databaseId" => run.number(app::ID),
            "login" => run.text(&format!("{}[bot]", app::SLUG)),
            "name" => run.null(),
            "email" => run.text(""),
            "url" => run.text(&format!("{WEB}/apps/{}", app::SLUG)),
            "avatarUrl" => run.text(&format!("{WEB}/avatars/{}", app::ID)),
            _ => run.time(founded_at),
        })
    }

    /// Writes a person.
    pub(super) fn user(&mut self, selection: &'a Selection, actor: Actor) -> Written {
        let present = self.present;
        let Some(person) = present.company.person(actor) else {
            return self.null();
        };
        self.object("User", selection, |run, field| match field.name {
            "id" => run.text(&ids::encode("U", &[person.id as u32])),
            "databaseId" => run.number(person.id),
            "login" => run.text(&person.login),
            "name" => run.text_or_null(person.name.as_deref()),
            // An address that is not shown is empty, not null.
            "email" => run.text(if person.shows_email { &person.email } else { "" }),
            "url" => run.text(&format!("{WEB}/{}", person.login)),
            "avatarUrl" => run.text(&format!("{WEB}/avatars/{}", person.id)),
            _ => run.time(present.company.founded_at),
        })
    }
}
