/** The script of the tests, in discord.js. */

import {
  ActionRowBuilder,
  ButtonBuilder,
  ButtonStyle,
  Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  Partials,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextInputBuilder,
  TextInputStyle,
  UserSelectMenuBuilder,
} from "discord.js";

const WORDS = ["hello", "hey", "bye"];
const capitalized = (word) => word[0].toUpperCase() + word.slice(1);

const client = new Client({
  intents: Object.values(GatewayIntentBits).filter((bit) => typeof bit === "number"),
  partials: [Partials.Message, Partials.Reaction],
  rest: { api: process.env.DISCORD_API_URL.replace(/\/v10$/, ""), version: "10" },
});

client.on(Events.Warn, (text) => console.error("warning:", text));
client.on(Events.Error, (error) => console.error("error:", error));
client.on(Events.ShardError, (error) => console.error("shard error:", error));
client.on(Events.InvalidRequestWarning, (data) => console.error("invalid requests:", data));
process.on("unhandledRejection", (error) => console.error("unhandled:", error));

// Ready, resumed, messages, reactions

const guilds = () => [...client.guilds.cache.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
const channel = (name) => guilds()[0].channels.cache.find((one) => one.name === name);

client.once(Events.ClientReady, async () => {
  await client.application.commands.set(commands());
  const shown = guilds().map((guild) => `${guild.name} (${guild.channels.cache.map((one) => one.name).join(", ")})`);
  await channel("general").send(`Ready: ${client.user.username} in ${shown.join(", ")}.`);
});

client.on(Events.ShardResume, async () => {
  await channel("random").send("Resumed.");
});

client.on(Events.MessageCreate, async (message) => {
  if (message.author.bot) return;
  if (message.content.startsWith("!echo ")) {
    await message.reply(`${message.author.username} said: ${message.content.slice("!echo ".length)}`);
  } else if (message.content === "!react") {
    await message.react("👍");
    await message.react("👎");
    await message.reply("Reacted.");
  }
});

client.on(Events.MessageReactionAdd, async (reaction, user) => {
  if (user.bot) return;
  if (reaction.message.partial) await reaction.message.fetch();
  if (reaction.message.author.id === client.user.id) {
    await reaction.message.channel.send(`${user.username} reacted with ${reaction.emoji.name}`);
  }
});

// Commands

function commands() {
  const dishes = ["soup", "salad"].map((value) => ({ name: capitalized(value), value }));
  const make = (name) => new SlashCommandBuilder().setName(name).setDescription("A part of the script");
  const about = (option, name) => option.setName(name).setDescription(capitalized(name));
  return [
    make("order")
      .addStringOption((one) => about(one, "dish").setRequired(true).addChoices(...dishes))
      .addIntegerOption((one) => about(one, "count").setMinValue(1).setMaxValue(9))
      .addNumberOption((one) => about(one, "price"))
      .addBooleanOption((one) => about(one, "takeaway"))
      .addUserOption((one) => about(one, "guest"))
      .addChannelOption((one) => about(one, "place"))
      .addRoleOption((one) => about(one, "rank")),
    make("note").addSubcommand((add) => about(add, "add").addStringOption((one) => about(one, "text").setRequired(true))),
    make("find").addStringOption((one) => about(one, "word").setAutocomplete(true).setRequired(true)),
    make("read").addAttachmentOption((one) => about(one, "paper").setRequired(true)),
    ...["slow", "twice", "secret", "card", "file", "panel", "form", "crowd"].map(make),
  ];
}

const answers = {
  async order(asked) {
    const { options } = asked;
    await asked.reply(
      `${options.getInteger("count")} x ${options.getString("dish")} for ${options.getNumber("price")}, ` +
        `takeaway ${options.getBoolean("takeaway") ? "yes" : "no"}, guest ${options.getMember("guest").user.username}, ` +
        `place ${options.getChannel("place").name}, rank ${options.getRole("rank").name}`,
    );
  },
  async note(asked) {
    if (asked.options.getSubcommand() === "add") await asked.reply(`Noted: ${asked.options.getString("text")}`);
  },
  async find(asked) {
    await asked.reply(`Found ${asked.options.getString("word")}`);
  },
  async slow(asked) {
    await asked.deferReply();
    await asked.editReply("Here at last.");
  },
  async twice(asked) {
    await asked.reply("First.");
    await asked.followUp("Second.");
    await asked.followUp({ content: "Third, for you only.", flags: MessageFlags.Ephemeral });
  },
  async secret(asked) {
    await asked.reply({ content: "Only you see this.", flags: MessageFlags.Ephemeral });
  },
  async card(asked) {
    const embed = new EmbedBuilder()
      .setTitle("Menu")
      .setDescription("What there is")
      .setURL("https://menu.example/today")
      .setColor(0xffaa00)
      .setTimestamp(new Date("2030-01-02T03:04:05Z"))
      .setAuthor({ name: "The cook" })
      .setFooter({ text: "Served hot" })
      .addFields({ name: "Soup", value: "four", inline: true }, { name: "Salad", value: "five", inline: false });
    await asked.reply({ embeds: [embed] });
  },
  async file(asked) {
    const files = [{ attachment: Buffer.from("A line."), name: "report.txt" }];
    await asked.reply({ content: "Here is the report.", files });
    const message = await asked.fetchReply();
    const answer = await fetch(message.attachments.first().url);
    await asked.followUp(`Read back: ${await answer.text()}`);
  },
  async read(asked) {
    const paper = asked.options.getAttachment("paper");
    const answer = await fetch(paper.url);
    await asked.reply(`${paper.name} holds ${await answer.text()}`);
  },
  async panel(asked) {
    const colours = ["red", "green", "blue"].map((value) => ({ label: capitalized(value), value }));
    const parts = [
      new ButtonBuilder().setCustomId("go").setLabel("Go").setStyle(ButtonStyle.Primary),
      new StringSelectMenuBuilder().setCustomId("colour").setMaxValues(2).addOptions(...colours),
      new UserSelectMenuBuilder().setCustomId("people"),
    ];
    const components = parts.map((part) => new ActionRowBuilder().addComponents(part));
    await asked.reply({ content: "Choose.", components });
  },
  async form(asked) {
    const name = new TextInputBuilder().setCustomId("name").setStyle(TextInputStyle.Short);
    const about = new TextInputBuilder().setCustomId("about").setStyle(TextInputStyle.Paragraph).setRequired(false);
    const modal = new ModalBuilder()
      .setCustomId("form")
      .setTitle("Introduce yourself")
      .addLabelComponents(
        new LabelBuilder().setLabel("Name").setTextInputComponent(name),
        new LabelBuilder().setLabel("About you").setTextInputComponent(about),
      );
    await asked.showModal(modal);
  },
  async crowd(asked) {
    await asked.deferReply();
    const { members } = asked.guild;
    const chunked = await members.fetch();
    let listed = 0;
    let after;
    for (let page; !page || page.size === 1000; listed += page.size, after = page.lastKey()) {
      page = await members.list({ limit: 1000, after, cache: false });
    }
    const found = await members.fetch({ query: "guest001", limit: 3 });
    const names = found.map((member) => member.user.username).sort();
    await asked.editReply(`${chunked.size} by chunks, ${listed} by list, found ${names.join(" ")}`);
  },
};

client.on(Events.InteractionCreate, async (interaction) => {
  const who = interaction.user.username;
  if (interaction.isAutocomplete()) {
    const offered = WORDS.filter((word) => word.startsWith(interaction.options.getFocused()));
    await interaction.respond(offered.map((value) => ({ name: capitalized(value), value })));
  } else if (interaction.isChatInputCommand()) {
    await answers[interaction.commandName](interaction);
  } else if (interaction.isButton()) {
    await interaction.update(`${who} pressed ${interaction.customId}.`);
  } else if (interaction.customId === "colour") {
    await interaction.reply(`${who} chose ${interaction.values.join(", ")}.`);
  } else if (interaction.customId === "people") {
    await interaction.reply(`${who} chose ${interaction.users.map((user) => user.username).join(", ")}.`);
  } else if (interaction.isModalSubmit()) {
    const about = interaction.fields.getTextInputValue("about");
    const name = interaction.fields.getTextInputValue("name");
    await interaction.reply(`Hello, ${name}.${about ? ` (${about})` : ""}`);
  }
});

process.once("SIGTERM", async () => {
  await client.destroy();
  process.exit(0);
});

await client.login(process.env.DISCORD_TOKEN);
