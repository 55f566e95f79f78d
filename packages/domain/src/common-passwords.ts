/** Lower-case, without the digits and signs around them, which the caller strips before it looks here. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `a aa aaa ab abc abcd abcde abcdef abcdefg abcdefgh access administrator admin alexander amanda andrea andrew angel
   anthony apple arsenal asd asdf asdfg asdfgh asdfghjk asdfghjkl ashley asdasd austin azerty bailey banana barcelona
   baseball basketball batman bitcoin blessed bonjour brandon buster butterfly changeme charlie cheese chelsea chicken
   chocolate christian computer cookie corvette cowboy daniel default diamond dragon elizabeth family ferrari flower
   football formula formulaone freedom friend friends gandalf george ginger google guitar hannah harley hello helloworld
   hockey hunter iloveu iloveyou internet jackson jasmine jennifer jessica jesus jordan joshua justin killer lakers
   letmein letmeinnow liverpool login london love lovely loveme madison maggie manchester martin master matrix matthew maverick
   mclaren mercedes merlin michael michelle mickey minecraft monkey monster mustang naruto nicole ninja nothing oliver
   orange pa pass passw passwd password passwords passwort patrick peanut pepper phoenix player please pokemon princess
   purple q qazwsx qazwsxedc qq qwe qwer qwert qwerty qwertyu qwertyui qwertyuiop qwertz rainbow ranger redbull robert
   samantha samsung scooter secret server shadow silver slipknot snoopy soccer sophie spiderman spring starwars steelers
   summer sunshine superman superstar taylor tennis test testing thomas thunder tigger trustno trustnoone tottenham
   unknown verstappen victoria warrior welcome whatever william winter wizard yankees yellow zxc zxcvb zxcvbn zxcvbnm
   1q2w3e 1q2w3e4r 1q2w3e4r5t 1qaz2wsx 1qazxsw2 zaq12wsx zaq1xsw2 q1w2e3 q1w2e3r4 q1w2e3r4t5 a1b2c3 a1b2c3d4 a1s2d3f4
   1a2b3c4d 123qweasd 123qweasdzxc qwe123asd asd123qwe abc123abc p4ssw0rd pa55word passw0rd
  albon alonso alpine antonelli astonmartin audi autumn bahrain baku bearman bottas cadillac champion circuit daytona
  fantasy fastestlap fernando gasly grandprix haas hamilton hadjar hulkenberg hungaroring imola interlagos jeddah kimi
  lando lawson leclerc lewis lewishamilton lindblad losail maxverstappen melbourne mexico monaco montreal monza
  motorsport norris ocon oscar pirelli piastri pitlane pitstop podium polepos poleposition qatar qualifying race racecar
  racing raikkonen russell sainz sakhir sauber scuderia season senna schumacher shanghai silverstone singapore spa
  stroll suzuka team tifosi tsunoda vettel vegas williams yasmarina zandvoort`.split(/\s+/),
);
