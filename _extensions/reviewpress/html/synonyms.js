// What else says what a reader types. In reviews of health, social care and education a reader asks
// for "money" and the report has "costs", or asks "how sure" and it has "strength of the evidence".
//
// a, b, c      each says what the others do
// a, b: c, d   whoever types a or b may mean c or d, not the other way round
//
// A phrase is what these words mean together: "in charge" is leadership, "charge" alone is not.
export const SYNONYMS = {
  en: `
cost, price, expense, expenditure, economic, financial, value for money, cost-effectiveness
expensive, cheap, cheaper, costly, affordable, money, spend, spending, save money, savings, efficient: cost, financial, economic, expenditure, value for money
funding, budget, funds, finance, investment, grant
money, cuts, cutbacks, austerity: funding, budget, finance
efficiency: cost
duplication, duplicated work, double work
bureaucracy, bureaucratic, red tape
co-location, co-located, colocation, shared a location
same building, share a building, shared building, one building: co-location, co-located, shared a location
restructure, restructuring, reorganise, reorganisation, reform: structure, structural
good value, worth the money: value for money, cost, financial
who paid, paid for, who pays, who funded, funded by, funded this, funded the, sponsor, sponsored, who commissioned, funding source: funder, commissioned, funded, funding of the study
conflict of interest, competing interests, declaration of interest: funder, interests

strength, certainty, confidence, how strong, strength of the evidence, quality of the evidence
how sure, how certain, how confident, how good, any good, how reliable, how robust, sure, certain, proof, proven, prove, trustworthy, reliable, reliability, robust, rigorous, rigour, convincing, believe, credible, validity, can we trust, trust the evidence, trust this, rely on, good evidence, weak evidence, poor evidence: strength, strong, certainty, confidence, quality
appraisal, critical appraisal, quality assessment, risk of bias, quality
appraise, grade, graded, rated, rating, scored, marked, assess the quality, quality check, quality checked, checked, judged: appraisal, quality, risk of bias, ratings, assessed
limitation, weakness, shortcoming, caveat
limits, drawback of the, flaw, criticism, wrong with this, wrong with the: limitation, weakness
gap, gaps in knowledge, knowledge gap, evidence gap, research gap, missing, unknown, not known, do not know, don't know, lack of evidence, lack of research, no evidence, nobody knows, left unanswered
gap, further research, more research, research needed, research is needed: next, future research, little evidence, gaps

method, methodology, how was it done, how was this done, how did they do, how was the review done, how it was done, procedure, conducted, carried out: methods
search, searched, looked for
literature found, papers found, studies found, find the literature, find the papers, find the studies, found the literature, found the papers, found the studies: searches, search, databases
search string, search strategy: searches
when was it searched, when did they search, last searched, search date: searches, search date
up to date, how recent, how current: search date, year
database, sources searched, where did they look, Medline, PubMed, Scopus: databases
grey literature, unpublished, reports by charities, websites searched
inclusion criteria, exclusion criteria, eligibility, eligible, inclusion, selection, screening
chosen, choose, picked, left out, ruled out, counted in, excluded from the review: selection, inclusion, eligibility
flow diagram, flow chart, flowchart, PRISMA diagram: PRISMA, flow, selection
synthesis, thematic analysis, narrative synthesis, analysis, meta-analysis, coding
analysed, analyse, put together, brought together, pooled results, combined results: synthesis, analysis
data extraction, extraction, extracted
protocol, registration, registered, preregistered, PROSPERO
changed from the plan, departures, amendments: deviations, protocol
study, paper, article, publication
randomised controlled trial, controlled trial, randomised trial, RCT, cohort study, case study, interview, survey, questionnaire, focus group, type of study: kinds of study, study design, designs
how many, number of, how much research: number, included, how many
took part, takes part, who was studied, who was asked, respondents, interviewees, interviewed, people studied: participants, who took part, sample
country, countries, nation
abroad, overseas, international, elsewhere, other countries, world, worldwide, geography: countries, country
studies from, study from, papers from, paper from, evidence from, research from: where the research was done, country, region
America, American, USA, US, United States
Britain, British, UK, United Kingdom
Holland, Netherlands, Dutch
how old, out of date, outdated, recent: year, date, how old
research questions, questions asked, aims, objectives, what does it ask, set out to
why was this done, purpose, motive, point of: why, rationale, aim
rationale, reason, case for
why join, why combine, why merge, why bring, why integrate, why work together, why do it: rationales, reasons
background, context, introduction, history
glossary, definitions, definition, meaning, abbreviations
key terms, terms used, jargon, acronym, what does it stand for, words used, terminology: glossary, abbreviations, words
mean by, meant by, defined: definition, meaning, glossary

outcome, effect, impact, result
does it work, do they work, it works, does this work, did it work, effective, effectiveness, does it help, do they help, make a difference, makes a difference, difference, improve, improvement, benefit, any use, worth it, worthwhile, affected, achieve, better off, worse off, do better, get out of it, gets out of it, get from it, in it for: outcome, impact, effect, effective
long-term, long term, longer term, longitudinal, over time, lasting
harm, side effect, adverse effect, unintended consequences, unintended
downside, disadvantage, negative, drawback, worse, backfire, cons: unintended, harm, challenge, negative
barrier, obstacle, challenge, hindrance, hurdle, difficulty, problem
get in the way, gets in the way, in the way, fail, failure, go wrong, goes wrong, went wrong, hold back, holds back, hard, difficult, struggle, resistance, stand in the way, pitfalls, trouble: barrier, obstacle, challenge, problem
facilitator, enabler, success factor, what helps, what facilitates
what works, makes it work, make it work, key to success, succeed, successful, best practice, good practice, conditions for, ingredients, tips: facilitator, facilitates, helps, enabler
recommendation, implication, next steps, what next, conclusion
happen next, should happen, what should, what now, what to do, recommend, advice, action, should we do, take away, takeaway, lessons: next, recommendation, implication, next steps
in short, in brief, short version, gist, overview, main points, key points, headline, bottom line, at a glance: summary, key messages, says
main message, key message, main finding, key finding, what did it find, what did they find, what was found, what do we know: what the evidence says, what the review found, key messages

cite, citation, cite this, how to cite, reference this, reference the, how to reference, quote this, bibtex, harvard, doi, referencing: cite this, citation
licence, license, copyright, creative commons, reuse, re-use, permission, reproduce, republish, allowed to use, allowed to copy, share this, use this text, use the text, use a chart, use the charts, use a figure, use the figures, use a table, copy, copied, can I copy, can we copy, may I copy, can I use, can we use, may I use, free to use: CC BY, creative commons, OGL, open government licence, all rights reserved, licence, copyright
author, wrote, written by, who did this, who made this, who is behind, research team, writers: authors, wrote
tell us, feedback, complaint
email, phone, get in touch, complain, report a problem, report a mistake, who to contact, who do I contact, contact you, contact us, contact about, contact someone, contact the, about a problem: tell us, feedback, complaint
accessibility, accessible, screen reader, large print, easy read, alternative format, blind, WCAG
printable, print out, print version, printed version, hard copy, paper copy: PDF
download, dataset, data set, spreadsheet, excel, csv, raw data, underlying data, open data: download, data table, spreadsheet
artificial intelligence, AI, language model, machine learning
ChatGPT, GPT, Copilot, Gemini, LLM, chatbot, robot, bot, machine, computer: AI, artificial intelligence
correction, erratum, errata, retraction
error, mistake, discrepancy, inconsistency, inaccuracy, wrong number: correction, erratum, contradiction
update, updated, new since, since then, latest, newer: since, changed

child, children, young people, young person, adolescent, youth
kid, youngster, teenager, teen, baby, toddler, boy, girl, son, daughter: child, children, young people
pupil, student, learner, schoolchild: child, school, education
parent, carer, caregiver, mother, father
mum, mom, dad, mam, guardian: parent, mother, father, carer
household: family, parents
relatives, grandparents, siblings, home life: family
staff, workforce, professional, practitioner
worker, employee, personnel, colleague, people who work: workforce, staff, professional
teacher, headteacher, head teacher, school staff, doctor, GP, nurse, midwife, health visitor, social worker, clinician, therapist, psychologist, paediatrician, psychiatrist, youth worker, support worker, police officer: workforce, professional, practitioner
service user, patient, client, people who use services
council, councillor, local authority, local government, municipality, borough
government, minister, politician, parliament: policy, national
leader, leadership, manager, management
in charge, who runs, who leads, boss, chief, director, who decides, at the top: leadership, leader, lead
older people, elderly, older adults, ageing
school, education
learning, attainment, exam, academic, classroom, school grades, attendance, truancy, homework, reading and writing: school, education, attendance
exclusions, excluded from school, expelled, suspended: school, education
nursery, early years, preschool, kindergarten, childcare
housing, homeless, homelessness, accommodation
poverty, deprivation, deprived, low income, disadvantaged, hardship, inequality, poor communities, poor families, poor people, poor areas
mental health, depression, anxiety, psychological, emotional health, CAMHS
wellbeing, well-being, quality of life, happiness, welfare
disability, disabled, special needs, SEN, SEND, additional support needs, impairment
substance use, drug, alcohol, addiction, substance misuse
child protection, safeguarding, abuse, neglect, maltreatment
looked after, looked-after, in care, care experienced, care-experienced, foster care, out-of-home care, kinship care
justice, police, crime, offending
ethnicity, ethnic minority, race, racism, diversity
rural, remote, countryside
hospital, emergency, clinic, ward, admission, admissions
physical health, illness, ill, sick, disease, medical: health
waiting list, waiting time, waiting times
quicker, faster, wait, long wait, delay, delays, get help, getting help, get support, reach, available, availability, turned away: access, waiting, timely

integration, integrated, joined-up, joined up, multi-agency, inter-agency, interagency
join up, joining up, merge, merger, merging, combine, combining, under one roof: integration, integrated
collaboration, partnership, working together, integrated working, joint working, cooperation, co-operation, teamwork, coordination, co-ordination
get along, get on with, team up: collaboration, relationships, working together
information sharing, data sharing, sharing information, share information, shared records
privacy, confidentiality, confidential, data protection, GDPR, consent, share data, my data, data safe, pass on information, personal information, personal data: information sharing, data protection, confidentiality
IT system, software, technology, digital, computer system
relationship, rapport, bond: relationship, trust
one person, one contact, same person, single contact, named contact, point of contact, one point of contact: key worker, relationship, single point of contact
training, skills, professional development, CPD
course, qualification, upskill, learn to: training, skills, professional development
workload, caseload, burnout, job stress, morale
stress, overworked, pressure, busy, tired, exhaustion, extra work, more work, paperwork, staff shortage, understaffed, turnover, retention, sickness: workload, caseload, burnout, stress
culture, beliefs, ethos, attitudes
human rights, UNCRC: rights
have a say, a say, voice, heard, listened to, listen to, consulted, consult, involve, involved, asked for their, co-produced, decide, choose: involving, participation, involvement, voice, views
participation, involvement, co-production, consultation, engagement
experience, view, perspective, perception
think, thinks, feel, feels, opinion, say, says, said, satisfaction, satisfied, like it, thoughts, lived experience: experience, view, perspective, people say
law, legal, legislation, statute
inspection, regulator, regulation, accountability: governance, accountability
covid, coronavirus, lockdown, pandemic
vaccination, immunisation, jab, vaccine
evaluation, evaluate, monitoring, measure, indicator
role, responsibility
responsible, who does what, division of labour, job description: roles, responsibilities
compare, comparison, versus
`,
};
